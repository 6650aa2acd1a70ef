import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { experienceWith } from "./experience.js";
import { found, notFound } from "./found.js";
import { isBatchNoise } from "./isBatchNoise.js";
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
/** The memory of the mean that finds the edge, for rungs this part of a decade apart; about half a decade wide. */
const EDGE_BETA = 0.7;
const SPACING = 7 / 99;
/** A loss above the untrained one by more than this part of it is not harmless. */
const HARMFUL_RISE = 0.02;
/** A rise counts no more than this many times the untrained loss, so that one spike does not decide. */
const MOST_RISE = 2;
/** How far below the edge a rate is good, about. */
const STEP_BACK = 10;
/** A quarter of a decade, as a factor: being that far off costs some hundredths of what training gains. */
const QUARTER = 10 ** 0.25;

/**
 * The default rule. Where the search made trials they decide: see `trialsPick`. On a curve alone it is a weighted
 * geometric mean of what is known beforehand and of two readings, any of which may be far off.
 *
 * 1. The rate that is usual with the optimizer: see `experienceWith`. A curve is 100 single steps and can't see how a
 *    thousand at one rate will end; what many other tasks came to says as much.
 * 2. The rung half-way down the longest valley of the smoothed loss. Plateaus and slow falls draw it to the left.
 * 3. The edge, the highest rate whose losses are not above the untrained model's, by a mean that does not lag. It knows
 *    nothing of where the loss falls, and so no noise or plateau there moves it.
 *
 * With an optimizer that nothing is known of, and on a curve that does not say which it was, the pick lies half-way
 * between the valley and a tenth of the edge, and a loss in other units gives the same one.
 *
 * Where the losses differ no more than batches do, from the lowest rate to the highest, the curve is `flat`: what is known
 * beforehand would be the whole pick then, and the curve no reason for it.
 *
 * The range holds what the pick is a mean of, with a tenth of the edge for the edge, and a quarter of a decade on either
 * side of the pick.
 */
export function auto(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 3);
  if (reason !== null) return notFound("auto", reason);
  const fromTrials = trialsPick(curve);
  if (fromTrials !== null) return fromTrials;
  if (showsBatchesOnly(curve)) return notFound("auto", "flat");

  const [first] = rungs;
  const last = rungs.at(-1);
  const untrained = untrainedLoss(rungs.map(({ measured }) => measured));
  const grown = rungs.slice(Math.floor(YOUNG_PART * rungs.length));
  const valley = valleyRung(grown) ?? valleyRung(rungs);
  const edge = edgeOf(rungs, untrained);
  if (!first || !last || !valley || !edge || edge === first) return notFound("auto", "diverged-at-once");

  const within = (lr: number): number => Math.min(last.lr, Math.max(first.lr, lr));
  const belowEdge = edge.lr / STEP_BACK;
  const known = experienceWith(curve.optimizer, untrained);
  const lr = within(
    known === null
      ? Math.sqrt(valley.lr * belowEdge)
      : known.usual ** known.powers.usual * valley.lr ** known.powers.valley * edge.lr ** known.powers.edge,
  );
  const parts = [valley.lr];
  if (known !== null) parts.push(known.usual);
  if (known === null || known.powers.edge > 0) parts.push(belowEdge);
  return found("auto", rungs, lr, [...parts, lr / QUARTER, lr * QUARTER].map(within));
}

/** Whether a sweep went to its end, and its losses are what batches alone make of them: no rate of it did anything. */
export function showsBatchesOnly(curve: Curve): boolean {
  return curve.stopped === "finished" && isBatchNoise(readRungs(curve).map(({ measured }) => measured));
}

/** The last rung whose loss is not above the untrained one, by a mean that does not lag. */
function edgeOf(rungs: readonly Rung[], untrained: number): Rung | undefined {
  const decades = Math.log10((rungs.at(-1)?.lr ?? NaN) / (rungs[0]?.lr ?? NaN));
  const rises = twoSidedMean(
    rungs.map(({ measured }) => Math.min(measured - untrained, MOST_RISE * Math.abs(untrained))),
    EDGE_BETA ** (decades / (rungs.length - 1) / SPACING),
  );
  return rungs[rises.findLastIndex((rise) => rise <= HARMFUL_RISE * Math.abs(untrained))];
}
