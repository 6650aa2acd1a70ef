import { readOptions } from "../options/checkOptions.js";
import { count, notNegative, positive } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link linearLr}. */
export interface LinearLrOptions {
  /** The factor on the optimizer's rate at the start. @defaultValue 1/3 */
  readonly startFactor?: number;
  /** The factor at the end. @defaultValue 1 */
  readonly endFactor?: number;
  /** The number of moves from one to the other. @defaultValue 5 */
  readonly totalSteps?: number;
}

/**
 * Takes the rate in a straight line from one factor of the optimizer's to another, as PyTorch's `LinearLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function linearLr(options: LinearLrOptions = {}): ScheduleRule {
  const { startFactor, endFactor, totalSteps } = readOptions(
    "linearLr",
    options,
    { startFactor: 1 / 3, endFactor: 1, totalSteps: 5 },
    { startFactor: positive, endFactor: notNegative, totalSteps: count },
  );
  const rise = endFactor - startFactor;
  return {
    name: "linear",
    first: ({ lr }) => ({ lr: lr * startFactor }),
    next({ lr, step }) {
      if (step > totalSteps) return { lr };
      return { lr: lr * (1 + rise / (totalSteps * startFactor + (step - 1) * rise)) };
    },
  };
}
