/** How an isolated run differs from an ordinary one. */
export interface IsolatedOptions {
  /** A seed of its own for shuffles and dropout; left out, it draws what the next fit would draw. */
  readonly seed?: number;
  /** What the run is called when another is refused because of it, e.g. `"findLr"`. @defaultValue "isolated" */
  readonly name?: string;
  /** Stops it when aborted, beside the Trainer's own signal. */
  readonly signal?: AbortSignal;
}
