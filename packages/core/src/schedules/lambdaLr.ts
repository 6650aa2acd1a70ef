import { FulmineError } from "../errors/fulmineError.js";
import { finite } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Sets the rate to the optimizer's own times a factor of your choice, as PyTorch's `LambdaLR`.
 *
 * @param factor - The factor after a number of moves, from 0.
 * @throws {@link FulmineError} `INVALID_OPTION` when it is no function; its moves, when it returns no number.
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
  const factorAt = (step: number): number => {
    const given: unknown = factor(step);
    if (finite.test(given)) return Number(given);
    throw new FulmineError("INVALID_OPTION", "The function of `lambdaLr` must return a finite number.", {
      received: given,
      todo: `It was asked for the factor after ${step} moves.`,
    });
  };
  return {
    name: "lambda",
    first: ({ base }) => ({ lr: base * factorAt(0) }),
    next: ({ base, step }) => ({ lr: base * factorAt(step) }),
  };
}
