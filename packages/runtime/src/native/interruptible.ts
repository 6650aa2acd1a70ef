import { endBySignal, onEndSignal, type EndSignal } from "@fulmine/core/node";

/**
 * Runs something that an abort signal, Ctrl-C or a request to end may stop in an orderly way. A process that has no
 * listener of its own for the signal still ends by it, once `run` has cleaned up.
 */
export async function interruptible<T>(
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const caught: EndSignal[] = [];
  const stopListening = onEndSignal((name) => {
    caught.push(name);
    controller.abort(name);
  });
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener("abort", abort);
  if (outer?.aborted === true) abort();
  try {
    return await run(controller.signal);
  } finally {
    outer?.removeEventListener("abort", abort);
    stopListening();
    for (const name of caught) endBySignal(name);
  }
}
