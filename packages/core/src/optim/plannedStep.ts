import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";

/** An optimizer's next step taken apart: what it needs, the update as a pure function of it, and what follows. */
export interface PlannedStep {
  /** The parameters that it moves. */
  readonly params: readonly Variable[];
  /** The numbers that the update needs, computed in float64. */
  readonly scalars: readonly number[];
  /** The present slots of all these parameters. */
  readonly slots: readonly Tensor[];
  /** What else decides how the update is computed; equal values mean the same computation. */
  readonly guards: readonly unknown[];
  /**
   * Gives the parameters and their slots the next values.
   *
   * @returns The next slots, in the order of `slots`; the optimizer owns them.
   */
  apply(gradients: ReadonlyMap<Variable, Tensor>, scalars: readonly Scalar[]): Tensor[];
  /** Counts the step, and takes up those next slots that are neither the present tensor nor given by `apply`. */
  commit(slots: readonly Tensor[]): void;
}
