import { FulmineError } from "../errors/fulmineError.js";
import { finite } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Multiplies the base rate by a factor that a function computes, like PyTorch's `LambdaLR`.
 *
 * @param factor - Computes the factor after `step` steps; it is 0 before the first step.
 * @throws FulmineError `INVALID_OPTION` if `factor` is not a function, or later, if it does not return a finite
 * number.
 * @example
 * ```ts
 * lambdaLr((step) => Math.min(1, (step + 1) / 100)) // a warm-up over 100 steps
 * ```
 */
export function lambdaLr(factor: (step: number) => number): ScheduleRule {
  if (typeof factor !== "function") {
    throw new FulmineError("INVALID_OPTION", "`lambdaLr` takes a function of the number of steps.", {
      received: factor,
      todo: "Pass e.g. (step) => 0.95 ** step.",
    });
  }
  const factorAt = (step: number): number => {
    const result: unknown = factor(step);
    if (finite.test(result)) return Number(result);
    throw new FulmineError("INVALID_OPTION", "The function of `lambdaLr` must return a finite number.", {
      received: result,
      todo: `It returned this for step ${step}.`,
    });
  };
  return {
    name: "lambda",
    first: ({ base }) => ({ lr: base * factorAt(0) }),
    next: ({ base, step }) => ({ lr: base * factorAt(step) }),
  };
}
