import { readOptions } from "../options/checkOptions.js";
import { count, positive } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link stepLr}. */
export interface StepLrOptions {
  /** The number of moves between two falls. */
  readonly stepSize: number;
  /** The factor of a fall. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Multiplies the rate by `gamma` at every `stepSize`-th move, as PyTorch's `StepLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function stepLr(options: StepLrOptions): ScheduleRule {
  const requirements = { stepSize: count, gamma: positive };
  const { stepSize, gamma } = readOptions("stepLr", options, { gamma: 0.1 }, requirements);
  return { name: "step", next: ({ lr, step }) => ({ lr: step % stepSize === 0 ? lr * gamma : lr }) };
}
