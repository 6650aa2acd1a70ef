const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs something that an abort signal, Ctrl-C or a request to end may stop in an orderly way. A process that has no
 * listener of its own for the signal still ends by it, once `run` has cleaned up.
 */
export async function interruptible<T>(
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let caught: (typeof SIGNALS)[number] | undefined;
  const listeners = SIGNALS.map((name) => {
    const isOnlyListener = process.listenerCount(name) === 0;
    const listener = (): void => {
      if (isOnlyListener) caught ??= name;
      controller.abort(name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener("abort", abort);
  if (outer?.aborted === true) abort();
  try {
    return await run(controller.signal);
  } finally {
    outer?.removeEventListener("abort", abort);
    for (const { name, listener } of listeners) process.removeListener(name, listener);
    if (caught !== undefined) process.kill(process.pid, caught);
  }
}
