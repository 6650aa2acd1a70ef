import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Multiplies the rate by `gamma` at each move.
 *
 * @param options - `gamma`: the factor.
 */
export function exponentialLr({ gamma }: { readonly gamma: number }): ScheduleRule {
  return { name: "exponential", next: ({ lr }) => lr * gamma };
}
