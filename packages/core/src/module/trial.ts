import type { Optimizer } from "../optim/optimizer.js";
import type { ScheduleRule } from "../schedules/scheduleRule.js";

/** Training that leaves no trace, for a learning-rate finder or another tuner. */
export interface Trial {
  /** The optimizers. You may set their `lr`. */
  readonly optimizers: readonly Optimizer[];
  /**
   * Takes one optimizer step on the next batches. At the end of the data it begins a new pass.
   *
   * @returns The mean loss of the batches, before the step.
   * @throws FulmineError `EMPTY_DATA`, or `ABORTED` if the run must stop.
   */
  step(): Promise<number>;
  /** Number of examples of the last step, over all its batches; 0 before the first step. */
  readonly examples: number;
  /** Whether there is validation data. */
  readonly hasValidation: boolean;
  /**
   * The schedules of the optimizers, in their order; a trial does not apply them, unless they are those of the running fit.
   * `undefined` for an optimizer without one.
   */
  readonly schedules: readonly (ScheduleRule | undefined)[];
  /**
   * Computes the mean over the validation data of the loss that `validationStep` returns, or else of the `val_loss` that it
   * logs.
   *
   * @throws FulmineError `INVALID_DATA` without validation data, `INVALID_STEP` if there was neither, `EMPTY_DATA`, or
   * `ABORTED` if the run must stop.
   */
  validate(options?: ValidateOptions): Promise<number>;
  /**
   * Runs a nested trial from the current weights, optimizer states and random state, and then restores them bit for bit, also
   * if the nested trial fails. It begins its own pass over the data: branches of the same state read the same batches.
   */
  branch<T>(body: (trial: Trial) => Promise<T>, options?: BranchOptions): Promise<T>;
}

/** Options of {@link Trial.validate}. */
export interface ValidateOptions {
  /** The largest number of batches to read. @defaultValue all */
  readonly limit?: number;
}

/** Options of {@link Trial.branch}. */
export interface BranchOptions {
  /** The seed of its shuffling and dropout. @defaultValue the random state of the outer trial */
  readonly seed?: number;
}

/** Options of an isolated run. */
export interface IsolatedOptions {
  /** The seed of its shuffling and dropout. @defaultValue the random state of the next fit */
  readonly seed?: number;
  /** The name of the run in the error for a concurrent run, e.g. `"findLr"`. @defaultValue "isolated" */
  readonly name?: string;
  /** Stops the run when aborted, in addition to the Trainer's own signal. */
  readonly signal?: AbortSignal;
}
