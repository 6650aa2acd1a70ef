import type { RateTrial } from "../sweep/rateTrial.js";
import { lowest } from "./lowest.js";

/** The trials at the next lower and the next higher rate, where there are any. */
export function neighbours(
  { lr: from }: RateTrial,
  trials: readonly RateTrial[],
): { readonly below: RateTrial | undefined; readonly above: RateTrial | undefined } {
  return {
    below: lowest(trials, ({ lr }) => (lr < from ? -lr : NaN)),
    above: lowest(trials, ({ lr }) => (lr > from ? lr : NaN)),
  };
}
