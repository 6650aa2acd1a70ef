import { getHparam, setHparam } from "@fulmine/core";
import { adviceOn } from "./explain/advice.js";
import { usualOutside } from "./explain/usualOutside.js";
import type { LrFindHost } from "./lrFindHost.js";
import type { LrFinder } from "./lrFinder.js";

/**
 * Writes a search's pick to a hyperparameter and says so; where there is none, says why and leaves it alone.
 *
 * @param field - The path of the hyperparameter.
 * @returns The pick.
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
  const outside = usualOutside(finder.results);
  if (outside !== null) display.warn(outside);
  return suggestion.lr;
}
