import { readOptions } from "../options/checkOptions.js";
import { count, notNegative } from "../options/validators.js";
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
