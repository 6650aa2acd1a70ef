import { readOptions } from "../options/checkOptions.js";
import { count, notNegative } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

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
