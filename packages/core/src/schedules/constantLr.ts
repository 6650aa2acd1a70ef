import { readOptions } from "../options/checkOptions.js";
import { count, positive } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link constantLr}. */
export interface ConstantLrOptions {
  /** The factor on the optimizer's rate while it lasts. @defaultValue 1/3 */
  readonly factor?: number;
  /** The number of moves after which the factor is taken away. @defaultValue 5 */
  readonly totalSteps?: number;
}

/**
 * Holds the rate at a share of the optimizer's for a while, as PyTorch's `ConstantLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function constantLr(options: ConstantLrOptions = {}): ScheduleRule {
  const requirements = { factor: positive, totalSteps: count };
  const defaults = { factor: 1 / 3, totalSteps: 5 };
  const { factor, totalSteps } = readOptions("constantLr", options, defaults, requirements);
  return {
    name: "constant",
    first: ({ lr }) => ({ lr: lr * factor }),
    next: ({ lr, step }) => ({ lr: step === totalSteps ? lr * (1 / factor) : lr }),
  };
}
