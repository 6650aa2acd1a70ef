import { FulmineError } from "../fulmineError.js";
import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Sets the rate to the optimizer's own times a factor of your choice, as PyTorch's `LambdaLR`.
 *
 * @param factor - The factor after a number of moves, from 0.
 * @throws {@link FulmineError} `INVALID_OPTION` when it is no function.
 * @example
 * ```ts
 * lambdaLr((step) => Math.min(1, (step + 1) / 100)) // a warm-up over 100 moves
 * ```
 */
export function lambdaLr(factor: (step: number) => number): ScheduleRule {
  if (typeof factor !== "function") {
    throw new FulmineError("INVALID_OPTION", "`lambdaLr` takes a function of the number of moves.", {
      received: factor,
      todo: "Pass e.g. (step) => 0.95 ** step.",
    });
  }
  return {
    name: "lambda",
    first: ({ base }) => ({ lr: base * factor(0) }),
    next: ({ base, step }) => ({ lr: base * factor(step) }),
  };
}
