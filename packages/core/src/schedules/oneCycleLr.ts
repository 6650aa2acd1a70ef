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

/** The settings of {@link oneCycleLr}. */
export interface OneCycleLrOptions {
  /** The highest rate; left out, the rate that each group of the optimizer was made with. */
  readonly maxLr?: number;
  /** The number of moves of the cycle; after them the rate stays at its end. */
  readonly totalSteps: number;
  /** The share of the cycle in which the rate rises. @defaultValue 0.3 */
  readonly pctStart?: number;
  /** Along what the rate moves. @defaultValue "cos" */
  readonly anneal?: "cos" | "linear";
  /** Whether the momentum (`beta1`) falls while the rate rises, and rises while it falls. @defaultValue true */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum. @defaultValue 0.85 */
  readonly baseMomentum?: number;
  /** The highest momentum. @defaultValue 0.95 */
  readonly maxMomentum?: number;
  /** How many times lower than the highest rate the first is. @defaultValue 25 */
  readonly divFactor?: number;
  /** How many times lower than the first rate the last is. @defaultValue 1e4 */
  readonly finalDivFactor?: number;
  /** Whether the fall back to the first rate mirrors the rise, with the rest of the fall after it. @defaultValue false */
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

/** A part of the cycle: until which step, and from and to what rate and momentum. */
interface Phase {
  readonly end: number;
  readonly lr: readonly [from: number, to: number];
  readonly momentum: readonly [from: number, to: number];
}

/**
 * Takes the rate up to its highest and down to nearly 0 in one cycle, and the momentum the other way (Smith and Topin
 * 2018), as PyTorch's `OneCycleLR`. Its interval is best `"step"`, its `maxLr` a rate that a search suggested.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * { optimizer: sgd({ lr: this.hparams.lr, momentum: 0.95 }), schedule: oneCycleLr({ totalSteps: 2000 }), interval: "step" }
 * ```
 */
export function oneCycleLr(given: OneCycleLrOptions): ScheduleRule {
  const { maxLr, totalSteps, pctStart, threePhase, ...rest } = readOptions(
    "oneCycleLr",
    given,
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
    // A phase shorter than a step has no inside; past the cycle's end the last rate holds.
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
