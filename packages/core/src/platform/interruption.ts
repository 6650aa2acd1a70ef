/** A combined abort signal. */
export interface Interruption {
  /** Aborted when the run is to stop after the current batch. */
  readonly signal: AbortSignal;
  /** Removes all listeners. */
  dispose(): void;
}

/**
 * Combines several abort signals and the interruption by the system.
 *
 * @param onInterrupt - Starts listening for Ctrl-C and the like, and returns a function that stops it; `null` if an outer
 * run already listens.
 */
export function listenForInterruption(
  signals: readonly (AbortSignal | undefined)[],
  onInterrupt: ((stop: () => void) => () => void) | null,
): Interruption {
  const controller = new AbortController();
  const undo = signals.map((signal) => {
    const forward = (): void => controller.abort(signal?.reason);
    if (signal?.aborted === true) forward();
    signal?.addEventListener("abort", forward);
    return () => signal?.removeEventListener("abort", forward);
  });
  if (onInterrupt !== null)
    undo.push(onInterrupt(() => controller.abort(new Error("interrupted by the user"))));
  return {
    signal: controller.signal,
    dispose() {
      for (const end of undo) end();
    },
  };
}
