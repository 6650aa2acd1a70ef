import { readOptions } from "../options/readOptions.js";
import { count, notNegative } from "../options/requirements.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link cosineAnnealingLr}. */
export interface CosineAnnealingLrOptions {
  /** The number of moves of one fall. */
  readonly period: number;
  /** The lowest rate. @defaultValue 0 */
  readonly minLr?: number;
}

/**
 * Lets the rate fall along half a cosine from the optimizer's rate to `minLr` over `period` moves, and rise again after
 * (Loshchilov and Hutter 2017, without restarts), as PyTorch's `CosineAnnealingLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function cosineAnnealingLr(options: CosineAnnealingLrOptions): ScheduleRule {
  const requirements = { period: count, minLr: notNegative };
  const { period, minLr } = readOptions("cosineAnnealingLr", options, { minLr: 0 }, requirements);
  const cosine = (step: number): number => 1 + Math.cos((Math.PI * step) / period);
  return {
    name: "cosine",
    next({ lr, base, step }) {
      const isTurn = (step - 1 - period) % (2 * period) === 0;
      if (isTurn) return { lr: lr + ((base - minLr) * (1 - Math.cos(Math.PI / period))) / 2 };
      return { lr: (cosine(step) / cosine(step - 1)) * (lr - minLr) + minLr };
    },
  };
}

/** The settings of {@link cosineAnnealingWarmRestarts}. */
export interface CosineAnnealingWarmRestartsOptions {
  /** The number of moves of the first fall. */
  readonly period: number;
  /** How many times as long each fall is as the one before, a whole number. @defaultValue 1 */
  readonly periodFactor?: number;
  /** The lowest rate. @defaultValue 0 */
  readonly minLr?: number;
}

/**
 * Lets the rate fall along half a cosine and starts it anew from the top again and again (SGDR, Loshchilov and Hutter
 * 2017), as PyTorch's `CosineAnnealingWarmRestarts`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
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
      const { at, length } = placeInFalls(step, period, periodFactor);
      return { lr: minLr + ((base - minLr) * (1 + Math.cos((Math.PI * at) / length))) / 2 };
    },
  };
}

/** How far a step is into its fall, and how long that fall is. */
function placeInFalls(step: number, first: number, factor: number): { at: number; length: number } {
  if (factor === 1) return { at: step % first, length: first };
  let [at, length] = [step, first];
  while (at >= length) {
    at -= length;
    length *= factor;
  }
  return { at, length };
}
