import { FulmineError } from "../errors/fulmineError.js";
import { readOptions } from "../options/checkOptions.js";
import { count, nonNegativeInteger, notNegative, oneOf, optional, positive } from "../options/validators.js";
import type { Validator } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The shape of a decay: the part of the fall that is left, by the part of the decay that is done. */
const SHAPES = {
  linear: (done: number) => 1 - done,
  cosine: (done: number) => (1 + Math.cos(Math.PI * done)) / 2,
  sqrt: (done: number) => 1 - Math.sqrt(done),
} as const;

/** The options of {@link warmupStableDecayLr}. */
export interface WarmupStableDecayLrOptions {
  /** The number of steps of the whole schedule; afterwards the rate stays. @defaultValue the length of the run */
  readonly totalSteps?: number;
  /** The number of steps of the warm-up; takes precedence over `warmupFraction`. @defaultValue none */
  readonly warmupSteps?: number;
  /** The warm-up as a fraction of all steps, from 0 to 1. @defaultValue 0.05 */
  readonly warmupFraction?: number;
  /** The factor on the base rate at the start of the warm-up, above 0. @defaultValue 0.01 */
  readonly startFactor?: number;
  /** The decay as a fraction of all steps, from 0 to 1. @defaultValue 0.3 */
  readonly decayFraction?: number;
  /** The factor on the base rate after the last step, at least 0. @defaultValue 0 */
  readonly finalFactor?: number;
  /** The shape of the decay: a line, half a cosine, or `1 − √x`. @defaultValue "linear" */
  readonly decayShape?: "linear" | "cosine" | "sqrt";
}

const fraction: Validator = {
  expected: "a number from 0 to 1",
  test: (value) => typeof value === "number" && value >= 0 && value <= 1,
};

const defaults = {
  warmupFraction: 0.05,
  startFactor: 0.01,
  decayFraction: 0.3,
  finalFactor: 0,
  decayShape: "linear",
} as const;

const requirements = {
  totalSteps: optional(count),
  warmupSteps: optional(nonNegativeInteger),
  warmupFraction: fraction,
  startFactor: positive,
  decayFraction: fraction,
  finalFactor: notNegative,
  decayShape: oneOf("linear", "cosine", "sqrt"),
};

/**
 * Raises the rate linearly to the base rate, keeps it, and lowers it in the last part of the run (Hägele et al. 2024,
 * "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations").
 *
 * Without `totalSteps` it is as long as the run: the Trainer computes that from `maxSteps`, `maxEpochs` and the length of the
 * data. If a run is continued with a greater limit, the decay begins later.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option; at the start of a fit `INVALID_OPTION` if the
 * length of the run is not known, or if the warm-up and the decay do not fit in it.
 * @example
 * ```ts
 * { optimizer: adam({ lr: this.hparams.lr }), schedule: warmupStableDecayLr(), interval: "step" }
 * ```
 */
export function warmupStableDecayLr(options: WarmupStableDecayLrOptions = {}): ScheduleRule {
  const { decayFraction, decayShape, finalFactor, startFactor, ...rest } = readOptions(
    "warmupStableDecayLr",
    options,
    defaults,
    requirements,
  );
  const { totalSteps: ownTotal, warmupSteps, warmupFraction } = rest;

  const factorAt = (step: number, runSteps: number | undefined): number => {
    const total = ownTotal ?? runSteps ?? 1;
    const warmup = warmupSteps ?? Math.round(warmupFraction * total);
    const rounded = Math.round(decayFraction * total);
    // Two halves of an odd number of steps would be rounded up to more than all.
    const areFractions = warmupSteps === undefined && warmupFraction + decayFraction <= 1;
    const decay = areFractions ? Math.min(rounded, total - warmup) : rounded;
    if (warmup + decay > total) throw tooShort(total, warmup, decay);
    if (step < warmup) return startFactor + ((1 - startFactor) * step) / warmup;
    if (decay === 0 || step <= total - decay) return 1;
    const done = Math.min(1, (step - (total - decay)) / decay);
    return finalFactor + (1 - finalFactor) * SHAPES[decayShape](done);
  };

  return {
    name: "warmup-stable-decay",
    needsTotalSteps: ownTotal === undefined,
    first: ({ base, totalSteps }) => ({ lr: base * factorAt(0, totalSteps) }),
    next: ({ base, step, totalSteps }) => ({ lr: base * factorAt(step, totalSteps) }),
  };
}

function tooShort(total: number, warmup: number, decay: number): FulmineError {
  return new FulmineError(
    "INVALID_OPTION",
    `The warm-up and the decay of \`warmupStableDecayLr\` must fit in its ${total} steps.`,
    {
      received: { warmup, decay },
      todo: "Lower `warmupSteps`, `warmupFraction` or `decayFraction`, or train for more steps.",
    },
  );
}
