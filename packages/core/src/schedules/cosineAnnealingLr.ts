import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Lets the rate fall along half a cosine from the optimizer's rate to `minLr` over `period` moves, and rise again after
 * (Loshchilov and Hutter 2017, without restarts).
 *
 * @param options - `period`: the moves of one fall; `minLr`: the lowest rate, 0 when left out.
 */
export function cosineAnnealingLr(options: {
  readonly period: number;
  readonly minLr?: number;
}): ScheduleRule {
  const { period, minLr = 0 } = options;
  const cosine = (step: number): number => 1 + Math.cos((Math.PI * step) / period);
  return {
    name: "cosine",
    next({ lr, base, step }) {
      const atTurn = (step - 1 - period) % (2 * period) === 0;
      if (atTurn) return lr + ((base - minLr) * (1 - Math.cos(Math.PI / period))) / 2;
      return (cosine(step) / cosine(step - 1)) * (lr - minLr) + minLr;
    },
  };
}
