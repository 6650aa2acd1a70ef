import { readOptions } from "../options/checkOptions.js";
import { positive, rising } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link multiStepLr}. */
export interface MultiStepLrOptions {
  /** The moves at which the rate falls; one that is named twice lets it fall twice. */
  readonly milestones: readonly number[];
  /** The factor of a fall. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Multiplies the rate by `gamma` at each milestone, as PyTorch's `MultiStepLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function multiStepLr(options: MultiStepLrOptions): ScheduleRule {
  const requirements = { milestones: rising(false), gamma: positive };
  const { milestones, gamma } = readOptions("multiStepLr", options, { gamma: 0.1 }, requirements);
  return {
    name: "multi-step",
    next({ lr, step }) {
      const falls = milestones.filter((milestone) => milestone === step).length;
      return { lr: falls === 0 ? lr : lr * gamma ** falls };
    },
  };
}
