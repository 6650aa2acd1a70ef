import { FulmineError } from "../fulmineError.js";
import type { TrainerOptions } from "../trainerOptions.js";

/**
 * Sees that nothing is asked of the Trainer that a module does by hand.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` naming the option.
 */
export function checkByHand(
  { automaticOptimization }: { readonly automaticOptimization: boolean },
  { gradientClipVal, accumulateGradBatches = 1 }: TrainerOptions,
): void {
  if (automaticOptimization) return;
  const given = Object.entries({
    gradientClipVal,
    accumulateGradBatches: accumulateGradBatches === 1 ? undefined : accumulateGradBatches,
  });
  for (const [name, received] of given) {
    if (received === undefined) continue;
    throw new FulmineError(
      "INVALID_OPTION",
      `\`${name}\` does nothing for a module that optimizes by hand (\`automaticOptimization\` is false).`,
      {
        received,
        todo: "Leave it out, and do it to the gradients between `manualBackward` and `manualStep`.",
      },
    );
  }
}
