import { getHparam, setHparam } from "@fulmine/core/plugin";
import { adviceOn, usualOutside } from "./explain/advice.js";
import { edgeOfTrials } from "./explain/edgeOfTrials.js";
import type { LrFinder } from "./lrFinder.js";
import type { LrFindHost } from "./lrFindHost.js";
import type { FindLrOptions } from "./options/findLrOptions.js";

/** Logged when a development run skips the search, which would take longer than the run. */
export const DEV_RUN_NOTE = "fastDevRun: the learning-rate search is skipped";

/** Warns that a search was aborted by its own signal, after which the fit goes on. */
export function warnIfAborted(
  { display }: LrFindHost,
  { signal }: Pick<FindLrOptions, "signal">,
  hparams: object,
  field: string,
): void {
  if (signal?.aborted !== true) return;
  const kept = String(getHparam(hparams, field));
  display.warn(`The learning-rate search was aborted by its signal: hparams.${field} stays ${kept}.`);
}

/**
 * Writes the suggested rate of a search to a hyperparameter and logs it. Without a suggestion it keeps the hyperparameter and
 * logs a warning with the cause.
 *
 * @param field - The path of the hyperparameter.
 * @returns The suggested rate.
 */
export function applySuggestion(
  { display }: LrFindHost,
  finder: LrFinder,
  hparams: object,
  field: string,
): number | null {
  const suggestion = finder.suggest();
  if (suggestion.lr === null) {
    const kept = String(getHparam(hparams, field));
    const [advice] = adviceOn(finder.results, suggestion);
    display.warn(
      `No learning rate found (${suggestion.reason}): hparams.${field} stays ${kept}. ${advice ?? ""}`,
    );
    return null;
  }
  setHparam(hparams, field, suggestion.lr);
  const [low, high] = suggestion.range.map((lr) => lr.toExponential(1));
  const lr = suggestion.lr.toPrecision(3);
  display.info(
    `Learning rate set to ${lr} (hparams.${field}; rule ${suggestion.rule}, usable from ${low} to ${high})`,
  );
  for (const doubt of [usualOutside(finder.results), edgeOfTrials(finder.results)])
    if (doubt !== null) display.warn(doubt);
  return suggestion.lr;
}
