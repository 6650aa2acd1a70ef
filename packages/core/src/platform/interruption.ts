/** The wish to stop, from whichever side it comes. */
export interface Interruption {
  /** Aborted when the run is to stop after the present batch. */
  readonly signal: AbortSignal;
  /** Ends the listening. */
  dispose(): void;
}

/**
 * Listens for several abort signals and for the system's as for one; nothing keeps listening after `dispose`.
 *
 * @param onInterrupt - Begins to listen for Ctrl-C and the like and returns a function that ends it; `null` when somebody else does.
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
