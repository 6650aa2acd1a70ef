import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { readRungs } from "./rung.js";
import { unreadable } from "./unreadable.js";
import { valleyRung } from "./valleyRung.js";

/**
 * fastai's default rule: half-way down the longest valley of the smoothed loss.
 *
 * On every curve that falls this is fastai's pick. Where fastai returns the lowest rate of a rising curve,
 * wraps round on two points or fails on none, there is no suggestion. fastai's `lr_find` leaves out the first
 * tenth of the rungs and the last five before it asks the rule; here the rule reads all.
 *
 * Source: `valley` of fastai 2.8 (fastai/fastai#3377), after ESRI's ArcGIS.
 */
export function valley(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 3);
  if (reason !== null) return notFound("valley", reason);
  const pick = valleyRung(rungs);
  return pick === undefined ? notFound("valley", "diverged-at-once") : found("valley", rungs, pick.lr);
}
