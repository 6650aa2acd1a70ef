import { FulmineError, type Trial } from "@fulmine/core";
import type { ResolvedFindLrOptions } from "../options/resolveFindLrOptions.js";

/**
 * Whether a search scores on held-out data. If so, it scores one batch in advance, so that a `validationStep` that gives no
 * loss fails before the sweep and not after it.
 *
 * @param given - The option `val` as given: only if it is left out, `refine` uses the data that there is.
 * @throws FulmineError `INVALID_DATA` without validation data, `INVALID_STEP` if `validationStep` neither returns a loss nor
 * logs `val_loss`.
 */
export async function scoresHeldOut(
  trial: Trial,
  { val, refine }: Pick<ResolvedFindLrOptions, "val" | "refine">,
  given: boolean | number | undefined,
): Promise<boolean> {
  if (val > 0 && !trial.hasValidation) {
    throw new FulmineError("INVALID_DATA", "`val` of `findLr` needs validation data, but there is none.", {
      todo: "Pass { train, val }.",
    });
  }
  const isWanted = val > 0 || (refine > 0 && given === undefined && trial.hasValidation);
  if (isWanted) await trial.branch((from) => scoreOne(from, val > 0 ? "val" : "refine"));
  return isWanted;
}

async function scoreOne(trial: Trial, option: string): Promise<void> {
  try {
    await trial.validate({ limit: 1 });
  } catch (error) {
    if (!(error instanceof FulmineError) || error.code !== "INVALID_STEP") throw error;
    throw new FulmineError(
      "INVALID_STEP",
      `\`${option}\` of \`findLr\` can't score held-out data. ${error.message}`,
      {
        ...(option === "refine"
          ? { todo: "With `val: false`, `refine` scores its trials on the training data." }
          : {}),
        cause: error,
      },
    );
  }
}
