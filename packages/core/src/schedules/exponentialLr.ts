import { readOptions } from "../options/checkOptions.js";
import { positive } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Multiplies the rate by `gamma` at each move, as PyTorch's `ExponentialLR`.
 *
 * @param options - `gamma`: the factor.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function exponentialLr(options: { readonly gamma: number }): ScheduleRule {
  const { gamma } = readOptions("exponentialLr", options, {}, { gamma: positive });
  return { name: "exponential", next: ({ lr }) => ({ lr: lr * gamma }) };
}
