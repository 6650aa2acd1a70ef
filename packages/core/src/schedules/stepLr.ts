import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Multiplies the rate by `gamma` at every `stepSize`-th move.
 *
 * @param options - `stepSize`: the number of moves between two falls; `gamma`: the factor, 0.1 when left out.
 */
export function stepLr(options: { readonly stepSize: number; readonly gamma?: number }): ScheduleRule {
  const { stepSize, gamma = 0.1 } = options;
  return { name: "step", next: ({ lr, step }) => (step % stepSize === 0 ? lr * gamma : lr) };
}
