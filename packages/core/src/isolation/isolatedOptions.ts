/** How an isolated run differs from an ordinary one. */
export interface IsolatedOptions {
  /** A seed of its own for shuffles and dropout; left out, it draws what the next fit would draw. */
  readonly seed?: number;
  /** Stops it when aborted, beside the Trainer's own signal. */
  readonly signal?: AbortSignal;
}
