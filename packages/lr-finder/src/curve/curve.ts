/** How the learning rates of a sweep are spaced: by a constant factor, or by a constant difference. */
export type LadderMode = "exponential" | "linear";

/** Why a sweep ended. */
export type StopReason = "finished" | "diverged" | "not-finite";

/** The range of the smoothed loss over several sweeps, one entry per rung. */
export interface Band {
  /** The number of sweeps. */
  readonly sweeps: number;
  /** The lowest smoothed loss of each rung. */
  readonly low: readonly number[];
  /** The highest smoothed loss of each rung. */
  readonly high: readonly number[];
}

/** The optimizer whose learning rate was swept. */
export interface SweptOptimizer {
  /** Its name, e.g. `"adam"`. */
  readonly name: string;
  /** The number of trainable weights. */
  readonly weights: number;
  /**
   * The number of weights that the usual rate of the optimizer depends on, if it is not `weights`: rows of an embedding that a
   * batch does not touch count less, and weights of a kernel that is shared between positions count more than once.
   */
  readonly effectiveWeights?: number;
  /** The number of other optimizers, which trained meanwhile at their own rates. @defaultValue 0 */
  readonly others?: number;
  /** Its setting `momentum`, if it has one. */
  readonly momentum?: number;
}

/** Training at one constant rate. All trials of a search start from the same state and see the same batches. */
export interface RateTrial {
  /** The learning rate. */
  readonly lr: number;
  /** The loss of each step; shorter if the trial was stopped early. Only the last loss may be NaN or infinite. */
  readonly loss: readonly number[];
  /**
   * The score of the trial; lower is better. It is the mean loss of the last third or, with `val`, the lowest of the
   * held-out losses after each third. Infinite if the trial was stopped early.
   */
  readonly score: number;
}

/**
 * The measurements of a sweep. A rung is one step of the ladder of learning rates: one rate and one optimizer step. Every
 * array has one entry per rung, in the order of the sweep.
 */
export interface Curve {
  /** The spacing of the rates. Rules read `"exponential"` curves over log(lr), `"linear"` ones over lr. */
  readonly mode: LadderMode;
  /** The learning rate of each rung, strictly increasing. */
  readonly lr: readonly number[];
  /** The measured training loss of each rung. Only the last may be NaN or infinite. */
  readonly loss: readonly number[];
  /** The bias-corrected exponential moving average of `loss`. */
  readonly smoothed: readonly number[];
  /**
   * The losses on the same batches without any step of the swept optimizer, shorter if one is not finite. The search measures
   * them only where the losses of the sweep alone can't show what the rates did: where they look like noise, where they are not
   * finite, and where other optimizers trained meanwhile.
   */
  readonly untrained?: readonly number[];
  /** The held-out loss after the step of each rung, NaN for rungs that were not scored; only with the option `val`. */
  readonly valLoss?: readonly number[];
  /** The bias-corrected exponential moving average of the scored `valLoss`, NaN for rungs that were not scored. */
  readonly valSmoothed?: readonly number[];
  /** The range over several sweeps, only with the option `repeats`; all losses are then means over the sweeps. */
  readonly band?: Band;
  /** The optimizer that took the steps. The rule `auto` uses it. */
  readonly optimizer?: SweptOptimizer;
  /** Why the sweep ended; with several sweeps, why the shortest one ended. */
  readonly stopped: StopReason;
  /** Trials at constant rates, in the order in which they ran; only with the option `refine`. */
  readonly trials?: readonly RateTrial[];
}

/** The losses of a curve that rules read: the held-out losses if there are any, else the training losses. */
export function readLosses({ loss, smoothed, valLoss, valSmoothed }: Curve): {
  readonly measured: readonly number[];
  readonly smoothed: readonly number[];
} {
  return valLoss === undefined
    ? { measured: loss, smoothed }
    : { measured: valLoss, smoothed: valSmoothed ?? valLoss };
}

/** One rung of a sweep as rules read it. */
export interface Rung {
  /** The index in the curve. */
  readonly index: number;
  /** The learning rate. */
  readonly lr: number;
  /** The position on the axis over which the curve is read: ln(lr) on exponential curves, lr on linear ones. */
  readonly x: number;
  /** The smoothed loss. */
  readonly loss: number;
  /** The measured loss. */
  readonly measured: number;
}

/**
 * The readable rungs of a curve. Rungs without a held-out score are left out if there are held-out losses. Reading stops at
 * the first rung whose measured or smoothed loss is not finite, because later steps start from ruined weights.
 */
export function readRungs(curve: Curve): readonly Rung[] {
  const losses = readLosses(curve);
  const rungs: Rung[] = [];
  for (const [index, loss] of losses.smoothed.entries()) {
    const lr = curve.lr[index] ?? NaN;
    const measured = losses.measured[index] ?? NaN;
    const x = curve.mode === "exponential" ? Math.log(lr) : lr;
    if (![curve.loss[index], x].every(Number.isFinite)) break;
    if (curve.valLoss !== undefined && Number.isNaN(measured)) continue;
    if (![loss, measured].every(Number.isFinite)) break;
    rungs.push({ index, lr, x, loss, measured });
  }
  return rungs;
}
