import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Sets the rate to the optimizer's own times a factor of your choice.
 *
 * @param factor - The factor after a number of moves, from 0.
 * @example
 * ```ts
 * lambdaLr((step) => Math.min(1, (step + 1) / 100)) // a warm-up over 100 moves
 * ```
 */
export function lambdaLr(factor: (step: number) => number): ScheduleRule {
  return { name: "lambda", first: (base) => base * factor(0), next: ({ base, step }) => base * factor(step) };
}
