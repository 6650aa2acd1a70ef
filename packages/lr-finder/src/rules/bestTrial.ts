import type { RateTrial } from "../sweep/rateTrial.js";
import { lowest } from "./lowest.js";

/** The trial that did best; of those that were given up, the one at the lowest rate. Undefined when there is none. */
export function bestTrial(trials: readonly RateTrial[]): RateTrial | undefined {
  return lowest(
    trials.toSorted((a, b) => a.lr - b.lr),
    ({ score }) => score,
  );
}
