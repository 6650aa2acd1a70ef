import type { Optimizer } from "../optim/optimizer.js";

/** Training that leaves no trace: what a finder or another tuner may do with a module. */
export interface Trial {
  /** The optimizers in use; set their `lr` as you like. */
  readonly optimizers: readonly Optimizer[];
  /**
   * Takes one optimizer step on the next batches, beginning the data anew where it ends.
   *
   * @returns The mean of the batches' losses before the step.
   * @throws {@link FulmineError} `EMPTY_DATA`, or `ABORTED` when the run is to stop.
   */
  step(): Promise<number>;
  /** Number of examples of the last step, over all its batches; 0 before the first step. */
  readonly examples: number;
  /** Whether there is held-out data to score. */
  readonly hasValidation: boolean;
  /**
   * The mean loss over the held-out data, as `validationStep` returns it.
   *
   * @throws {@link FulmineError} `INVALID_DATA` without such data, `INVALID_STEP` when no loss was returned, `EMPTY_DATA`, or
   * `ABORTED` when the run is to stop.
   */
  validate(): Promise<number>;
  /**
   * Runs a trial within this one, from its present weights, optimizers and chance, and puts all of them back as they
   * were, bit for bit, however it ends. It begins a pass of its own over the data: branches of the same state see the
   * same batches.
   *
   * @param options - `seed`: shuffles and dropout of the branch follow from it, and not from the present chance.
   */
  branch<T>(body: (trial: Trial) => Promise<T>, options?: BranchOptions): Promise<T>;
}

/** How a branch of a trial differs from it. */
export interface BranchOptions {
  /** What its shuffles and dropout follow from. @defaultValue the present chance */
  readonly seed?: number;
}

/** How an isolated run differs from an ordinary one. */
export interface IsolatedOptions {
  /** A seed of its own for shuffles and dropout; left out, it draws what the next fit would draw. */
  readonly seed?: number;
  /** What the run is called when another is refused because of it, e.g. `"findLr"`. @defaultValue "isolated" */
  readonly name?: string;
  /** Stops it when aborted, beside the Trainer's own signal. */
  readonly signal?: AbortSignal;
}
