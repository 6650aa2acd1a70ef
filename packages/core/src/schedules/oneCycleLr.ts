import { readOptions } from "../options/checkOptions.js";
import {
  betweenZeroAndOne,
  count,
  flag,
  oneOf,
  optional,
  positive,
  unitInterval,
} from "../options/validators.js";
import type { Scheduled, ScheduleRule } from "./scheduleRule.js";

/** The options of {@link oneCycleLr}. */
export interface OneCycleLrOptions {
  /** The highest rate. @defaultValue the base rate of each parameter group */
  readonly maxLr?: number;
  /** The number of steps of the cycle; afterwards the rate stays constant. */
  readonly totalSteps: number;
  /** The fraction of the cycle in which the rate rises, between 0 and 1. @defaultValue 0.3 */
  readonly pctStart?: number;
  /** The shape of the curve: half a cosine or a line. @defaultValue "cos" */
  readonly anneal?: "cos" | "linear";
  /** Whether the momentum (or `beta1`) cycles inversely to the rate. @defaultValue true */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum, from 0 to below 1. @defaultValue 0.85 */
  readonly baseMomentum?: number;
  /** The highest momentum, from 0 to below 1. @defaultValue 0.95 */
  readonly maxMomentum?: number;
  /** The initial rate is `maxLr / divFactor`. @defaultValue 25 */
  readonly divFactor?: number;
  /** The final rate is the initial rate divided by `finalDivFactor`. @defaultValue 1e4 */
  readonly finalDivFactor?: number;
  /**
   * Whether the rate first falls back to the initial rate, symmetrically to the rise, and only then to the final rate.
   *
   * @defaultValue false
   */
  readonly threePhase?: boolean;
}

const defaults = {
  pctStart: 0.3,
  anneal: "cos",
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
} as const;

const requirements = {
  maxLr: optional(positive),
  totalSteps: count,
  pctStart: betweenZeroAndOne,
  anneal: oneOf("cos", "linear"),
  cycleMomentum: flag,
  baseMomentum: unitInterval,
  maxMomentum: unitInterval,
  divFactor: positive,
  finalDivFactor: positive,
  threePhase: flag,
};

/** A phase of the cycle: its last step, and its ranges of rate and momentum. */
interface Phase {
  readonly end: number;
  readonly lr: readonly [from: number, to: number];
  readonly momentum: readonly [from: number, to: number];
}

/**
 * Raises the rate to `maxLr` and lowers it to nearly 0 in one cycle, while the momentum does the opposite (Smith and
 * Topin 2018), like PyTorch's `OneCycleLR`.
 *
 * Use it with `interval: "step"`. A learning-rate finder can suggest `maxLr`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 * @example
 * ```ts
 * { optimizer: sgd({ lr: this.hparams.lr, momentum: 0.95 }), schedule: oneCycleLr({ totalSteps: 2000 }), interval: "step" }
 * ```
 */
export function oneCycleLr(options: OneCycleLrOptions): ScheduleRule {
  const { maxLr, totalSteps, pctStart, threePhase, ...rest } = readOptions(
    "oneCycleLr",
    options,
    defaults,
    requirements,
  );
  const { anneal, cycleMomentum, baseMomentum, maxMomentum, divFactor, finalDivFactor } = rest;
  const between = anneal === "cos" ? alongCosine : alongLine;

  const phasesOf = (base: number): readonly Phase[] => {
    const top = maxLr ?? base;
    const low = top / divFactor;
    const last = low / finalDivFactor;
    const up: Phase = {
      end: pctStart * totalSteps - 1,
      lr: [low, top],
      momentum: [maxMomentum, baseMomentum],
    };
    const end = totalSteps - 1;
    if (!threePhase) return [up, { end, lr: [top, last], momentum: [baseMomentum, maxMomentum] }];
    return [
      up,
      { end: 2 * pctStart * totalSteps - 2, lr: [top, low], momentum: [baseMomentum, maxMomentum] },
      { end, lr: [low, last], momentum: [maxMomentum, maxMomentum] },
    ];
  };

  const at = (base: number, step: number): Scheduled => {
    const phases = phasesOf(base);
    const until = phases.findIndex(({ end }) => step <= end);
    const index = until < 0 ? phases.length - 1 : until;
    const { end = 0, lr = [0, 0], momentum = [0, 0] } = phases[index] ?? {};
    const start = phases[index - 1]?.end ?? 0;
    // A phase can be shorter than one step. After the cycle, the final rate stays.
    const progress = end > start ? Math.min((step - start) / (end - start), 1) : 1;
    return {
      lr: between(lr, progress),
      ...(cycleMomentum ? { momentum: between(momentum, progress) } : {}),
    };
  };

  return {
    name: "one-cycle",
    cyclesMomentum: cycleMomentum,
    first: ({ base }) => at(base, 0),
    next: ({ base, step }) => at(base, step),
  };
}

function alongCosine([from, to]: readonly [number, number], progress: number): number {
  return to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1);
}

function alongLine([from, to]: readonly [number, number], progress: number): number {
  return (to - from) * progress + from;
}
