import type { Curve, Rung } from "../curve/curve.js";
import { lowest } from "../curve/statistics.js";
import { halfwayRung, lossScale, type LossScale } from "./lossScale.js";
import { readEffect, showsOnlyNoise } from "./paired.js";
import { valleyRung } from "./peers/fastai.js";
import { priorOf } from "./prior.js";
import { found, notFound, unreadable, type Suggestion } from "./suggestion.js";
import { trialsPick } from "./trials.js";

/** The first part of a sweep that is skipped: the moving average has seen few values there, and its noise looks like a valley. */
const WARMUP_PART = 0.1;
/** A rate is harmful if it raises the loss above the untrained loss by more than this part of the loss's scale. */
const HARMFUL_RISE = 0.1;
/** A good rate is about this many times lower than the edge. */
const STEP_BACK = 10;
/** A run at a rate more than this many times lower than the one at which half of the fall is done hardly trains. */
const MOST_BELOW = 10;
/** A quarter of a decade as a factor. A rate that is off by this factor loses a few percent of the best rate's gain. */
const QUARTER_DECADE = 10 ** 0.25;

/**
 * The default rule. If the search ran trials, it reads the trials (see `trialsPick`). Otherwise it returns a weighted geometric
 * mean of three rates, each of which can be far off:
 *
 * 1. The usual rate of the optimizer (see `priorOf`). A curve consists of 100 single steps and can't show the result of a
 *    thousand steps at one rate; the usual rate comes from complete runs on other tasks.
 * 2. The valley: the rung in the middle of the longest valley of the smoothed loss. Plateaus and slow falls pull it towards
 *    lower rates.
 * 3. The edge: the highest rate whose loss is not above the loss of the untrained model, smoothed by a mean without lag. It
 *    does not depend on where the loss falls, so that noise or a plateau there has no effect.
 *
 * With an unknown optimizer it returns the geometric mean of the valley and a tenth of the edge.
 *
 * No constant that is added to the loss changes the pick, and with SGD the pick falls by the factor by which the loss grows.
 *
 * If the losses of all rates differ no more than the losses of batches do, the result is `flat`: the pick would otherwise be
 * the prior alone. If a loss is not finite without any training either, it is `not-finite`.
 *
 * The pick is at least the lowest rate of the sweep and at most the edge. If the fall of the loss is clear, it is at least a tenth
 * of the rate at which half of the fall is done: however usual a lower rate is, it would hardly train.
 *
 * The range contains the three rates (with a tenth of the edge) and a quarter of a decade on both sides of the pick.
 */
export function auto(curve: Curve): Suggestion {
  const rungs = readEffect(curve);
  if (curve.untrained?.every(Number.isFinite) === false) return notFound("auto", "not-finite");
  const reason = unreadable(curve, rungs, 3);
  if (reason !== null) return notFound("auto", reason);
  const fromTrials = trialsPick(curve);
  if (fromTrials !== null) return fromTrials;
  if (showsOnlyNoise(curve)) return notFound("auto", "flat");

  const [first] = rungs;
  const settled = rungs.slice(Math.floor(WARMUP_PART * rungs.length));
  const valley = valleyRung(settled) ?? valleyRung(rungs);
  const loss = lossScale(rungs);
  const edge = edgeOf(curve, rungs, loss);
  if (!first || !valley || !edge || edge === first) return notFound("auto", "diverged-at-once");

  // Beyond the edge training does harm, however usual a rate is.
  const harmless = (lr: number): number => Math.min(edge.lr, Math.max(first.lr, lr));
  const belowEdge = edge.lr / STEP_BACK;
  const prior = priorOf(curve, loss.scale, edge.lr);
  const mean =
    prior === null
      ? Math.sqrt(valley.lr * belowEdge)
      : prior.usual ** prior.powers.usual * valley.lr ** prior.powers.valley * belowEdge ** prior.powers.edge;
  const lr = harmless(Math.max(mean, (halfwayRung(rungs, loss)?.lr ?? 0) / MOST_BELOW));
  const parts = [valley.lr];
  if (prior !== null) parts.push(prior.usual);
  if (prior === null || prior.powers.edge > 0) parts.push(belowEdge);
  return found("auto", rungs, lr, [...parts, lr / QUARTER_DECADE, lr * QUARTER_DECADE].map(harmless));
}

/**
 * The last rung whose loss, smoothed without lag, is not above the untrained loss. A sweep that ran to its end and whose loss
 * fell always has one: the rung of the lowest loss.
 */
function edgeOf(curve: Curve, rungs: readonly Rung[], { scale, rises }: LossScale): Rung | undefined {
  const edge = rungs[rises.findLastIndex((rise) => rise <= HARMFUL_RISE * scale)];
  const isUsable = edge !== undefined && edge !== rungs[0];
  return isUsable || curve.stopped !== "finished" ? edge : lowest(rungs, (rung) => rung.loss);
}
