import { readOptions } from "../options/checkOptions.js";
import { count, notNegative } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The options of {@link cosineAnnealingLr}. */
export interface CosineAnnealingLrOptions {
  /** The number of steps from the base rate to `minLr`. */
  readonly period: number;
  /** The lowest rate, at least 0. @defaultValue 0 */
  readonly minLr?: number;
}

/**
 * Anneals the rate along a cosine from the base rate to `minLr` and back, like PyTorch's `CosineAnnealingLR`.
 *
 * `minLr + (base − minLr) · (1 + cos(π · step / period)) / 2` (Loshchilov and Hutter 2017, equation 5, without restarts).
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function cosineAnnealingLr(options: CosineAnnealingLrOptions): ScheduleRule {
  const requirements = { period: count, minLr: notNegative };
  const { period, minLr } = readOptions("cosineAnnealingLr", options, { minLr: 0 }, requirements);
  const cosine = (step: number): number => 1 + Math.cos((Math.PI * step) / period);
  return {
    name: "cosine",
    next({ lr, base, step }) {
      const isMinimum = (step - 1 - period) % (2 * period) === 0;
      if (isMinimum) return { lr: lr + ((base - minLr) * (1 - Math.cos(Math.PI / period))) / 2 };
      return { lr: (cosine(step) / cosine(step - 1)) * (lr - minLr) + minLr };
    },
  };
}

/** The options of {@link cosineAnnealingWarmRestarts}. */
export interface CosineAnnealingWarmRestartsOptions {
  /** The number of steps of the first period. */
  readonly period: number;
  /** The ratio of each period to the previous one, an integer of at least 1. @defaultValue 1 */
  readonly periodFactor?: number;
  /** The lowest rate, at least 0. @defaultValue 0 */
  readonly minLr?: number;
}

/**
 * Anneals the rate along half a cosine in each period and restarts at the base rate, like PyTorch's
 * `CosineAnnealingWarmRestarts`.
 *
 * `minLr + (base − minLr) · (1 + cos(π · at / length)) / 2` at step `at` of a period with `length` steps (SGDR,
 * Loshchilov and Hutter 2017, equation 5).
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function cosineAnnealingWarmRestarts(options: CosineAnnealingWarmRestartsOptions): ScheduleRule {
  const { period, periodFactor, minLr } = readOptions(
    "cosineAnnealingWarmRestarts",
    options,
    { periodFactor: 1, minLr: 0 },
    { period: count, periodFactor: count, minLr: notNegative },
  );
  return {
    name: "cosine-restarts",
    next({ base, step }) {
      const { at, length } = placeInPeriods(step, period, periodFactor);
      return { lr: minLr + ((base - minLr) * (1 + Math.cos((Math.PI * at) / length))) / 2 };
    },
  };
}

/** Finds the period of a step: the step within it, and its length. */
function placeInPeriods(step: number, first: number, factor: number): { at: number; length: number } {
  if (factor === 1) return { at: step % first, length: first };
  let [at, length] = [step, first];
  while (at >= length) {
    at -= length;
    length *= factor;
  }
  return { at, length };
}
