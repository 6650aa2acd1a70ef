import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { lowest } from "./lowest.js";
import { readRungs } from "./rung.js";
import { unreadable } from "./unreadable.js";

/**
 * A tenth of the rate at which the smoothed loss is lowest.
 *
 * Source: `minimum` of fastai 2.8. The pick may lie below the lowest rate of the sweep.
 */
export function minimum(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 2);
  if (reason !== null) return notFound("minimum", reason);
  const bottom = lowest(rungs, (rung) => rung.loss);
  // A loss that never went below its first value has no minimum to stay away from.
  if (bottom === undefined || bottom === rungs[0]) return notFound("minimum", "diverged-at-once");
  return found("minimum", rungs, bottom.lr / 10);
}
