import { readOptions } from "../options/checkOptions.js";
import { count, positive } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link polynomialLr}. */
export interface PolynomialLrOptions {
  /** The number of moves until the rate is 0. @defaultValue 5 */
  readonly totalSteps?: number;
  /** The power of the fall; 1 is a straight line. @defaultValue 1 */
  readonly power?: number;
}

/**
 * Lets the rate fall to 0 as `(1 − step / totalSteps)^power`, as PyTorch's `PolynomialLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function polynomialLr(options: PolynomialLrOptions = {}): ScheduleRule {
  const requirements = { totalSteps: count, power: positive };
  const defaults = { totalSteps: 5, power: 1 };
  const { totalSteps, power } = readOptions("polynomialLr", options, defaults, requirements);
  return {
    name: "polynomial",
    next({ lr, step }) {
      if (step > totalSteps) return { lr };
      return { lr: lr * ((1 - step / totalSteps) / (1 - (step - 1) / totalSteps)) ** power };
    },
  };
}
