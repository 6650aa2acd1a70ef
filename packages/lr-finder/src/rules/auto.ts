import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { lowest } from "./lowest.js";
import { median } from "./median.js";
import { readRungs, type Rung } from "./rung.js";
import { trialsPick } from "./trialsPick.js";
import { twoSidedMean } from "./twoSidedMean.js";
import { unreadable } from "./unreadable.js";
import { untrainedLoss } from "./untrainedLoss.js";
import { valleyRung } from "./valleyRung.js";

/**
 * The first tenth of a sweep is left out: the running mean is young there, and its noise looks like a
 * valley.
 */
const YOUNG_PART = 0.1;
/** The memory of the mean that finds the bottom; about ten rungs wide. */
const BOTTOM_BETA = 0.8;
/** The memory of the mean that finds the edge; about six rungs wide. */
const EDGE_BETA = 0.7;
/** A loss above the untrained one by more than this part of it is not harmless. */
const HARMFUL_RISE = 0.02;
/** A rise counts no more than this many times the untrained loss, so that one spike does not decide. */
const MOST_RISE = 2;
/** How far below the rate of the lowest loss, and below the edge, to stay; the same as in {@link minimum}. */
const STEP_BACK = 10;

/**
 * The default rule. Where the search made trials they decide: see `trialsPick`. On a curve alone it reads three
 * rates, any one of which may be fooled.
 *
 * 1. The rung half-way down the longest valley of the smoothed loss. Plateaus and slow falls draw it to the
 *    left.
 * 2. A tenth of the rate where the smoothed loss is lowest. The running mean lags, which draws it to the
 *    right, and the noise of tiny rates can have a lower loss than the real bottom. As the mean can only lag,
 *    no bottom of it is believed that lies left of the bottom of the measured losses, found by a mean that
 *    does not lag. For that one, losses above the untrained model's count no more than those: how badly a
 *    sweep exploded says nothing about where it was best.
 * 3. A tenth of the edge, the highest rate whose losses are not above the untrained model's, by a mean that does not lag.
 *    It knows nothing of where the loss falls, and so no noise or plateau there moves it.
 *
 * The pick is the geometric mean of the first and of the middle one of the three: too high a rate costs more than too low
 * a one, and the first errs to the left. The range lies between these two. All readings depend on the order and the
 * ratios of losses only: a loss in other units gives the same pick.
 *
 * Where the optimizer gives a ceiling the pick is no higher: see `ceilingOf`.
 */
export function auto(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 3);
  if (reason !== null) return notFound("auto", reason);
  const fromTrials = trialsPick(curve);
  if (fromTrials !== null) return fromTrials;

  const [first] = rungs;
  const last = rungs.at(-1);
  const grown = rungs.slice(Math.floor(YOUNG_PART * rungs.length));
  const descent = valleyRung(grown) ?? valleyRung(rungs);
  const bottom = laggedBottom(rungs, unlaggedBottom(rungs));
  if (!first || !last || !descent || !bottom || bottom === first) return notFound("auto", "diverged-at-once");

  const within = (lr: number): number => Math.min(last.lr, Math.max(first.lr, lr));
  const below = (lr: number): number => within(Math.min(lr, curve.ceiling ?? Infinity));
  const tenth = (rung: Rung): number => within(rung.lr / STEP_BACK);
  const middle = median([descent.lr, tenth(bottom), tenth(edge(rungs) ?? first)]);
  return found("auto", rungs, below(Math.sqrt(descent.lr * middle)), [descent.lr, middle].map(below));
}

/** The lowest point of the smoothed loss at or after a rung. */
function laggedBottom(rungs: readonly Rung[], from: Rung | undefined): Rung | undefined {
  return lowest(rungs.slice(from === undefined ? 0 : rungs.indexOf(from)), (rung) => rung.loss);
}

/** Where the measured losses are lowest by a mean that does not lag. */
function unlaggedBottom(rungs: readonly Rung[]): Rung | undefined {
  const untrained = untrainedLoss(rungs.map(({ measured }) => measured));
  const mean = twoSidedMean(
    rungs.map(({ measured }) => Math.min(measured, untrained)),
    BOTTOM_BETA,
  );
  return lowest(rungs, (_, i) => mean[i] ?? NaN);
}

/** The last rung whose loss is not above the untrained one, by a mean that does not lag. */
function edge(rungs: readonly Rung[]): Rung | undefined {
  const untrained = untrainedLoss(rungs.map(({ measured }) => measured));
  const rises = twoSidedMean(
    rungs.map(({ measured }) => Math.min(measured - untrained, MOST_RISE * Math.abs(untrained))),
    EDGE_BETA,
  );
  return rungs[rises.findLastIndex((rise) => rise <= HARMFUL_RISE * Math.abs(untrained))];
}
