import type { Curve } from "../curve.js";
import { gradient } from "../rules/gradient.js";
import { readRungs } from "../rules/rung.js";

/**
 * How fast the loss that rules read changes at each rung: per decade of the rate on exponential sweeps, per unit of it on
 * linear ones; NaN where it can't be read. The quantity by which Smith (2017, fig. 3) reads where training begins and ends
 * to go well.
 */
export function lossChange(curve: Curve): number[] {
  const rungs = readRungs(curve);
  const changes = curve.lr.map(() => NaN);
  const perDecade = curve.mode === "exponential" ? Math.LN10 : 1;
  for (const [i, slope] of gradient(rungs).entries()) {
    const index = rungs[i]?.index;
    if (index !== undefined) changes[index] = slope * perDecade;
  }
  return changes;
}
