import type { Optimizer, Trial } from "@fulmine/core";
import type { Curve, StopReason } from "../curve.js";
import type { ResolvedFindLrOptions } from "../resolveFindLrOptions.js";
import { untrainedRungs } from "../rules/untrainedLoss.js";
import type { SweepWatch } from "../sweepWatch.js";
import { sweptOptimizer } from "../sweptOptimizer.js";
import { makeDivergenceWatch } from "./divergence.js";
import { makeLadder } from "./ladder.js";
import { makeSmoother } from "./smoother.js";

/** Climbs the ladder: one optimizer step per rung, until the top, a loss that is not finite, or divergence. */
export async function sweep(
  trial: Trial,
  optimizer: Optimizer,
  options: ResolvedFindLrOptions,
  progress: SweepWatch,
): Promise<Curve> {
  const { mode, beta, earlyStopThreshold, val, numTraining } = options;
  const smooth = makeSmoother(beta);
  // The mean remembers as many rungs, however few of them are scored.
  const smoothVal = makeSmoother(beta ** val);
  const hasDiverged = makeDivergenceWatch(
    earlyStopThreshold,
    untrainedRungs(Math.ceil(numTraining / Math.max(1, val))),
  );
  const lr: number[] = [];
  const loss: number[] = [];
  const smoothed: number[] = [];
  const valLoss: number[] = [];
  const valSmoothed: number[] = [];
  let best = Infinity;
  const endAt = (stopped: StopReason): Curve => ({
    ...{ mode, optimizer: sweptOptimizer(optimizer), lr, loss, smoothed },
    ...(val === 0 ? {} : { valLoss, valSmoothed }),
    stopped,
  });

  /** Scores a rung on held-out data when it is its turn; the running mean of what was scored, null when it is not. */
  const score = async (index: number, measured: number): Promise<number | null> => {
    const isDue = Number.isFinite(measured) && (index % val === 0 || index === numTraining - 1);
    const value = isDue ? await trial.validate() : NaN;
    const mean = isDue ? smoothVal(value) : NaN;
    valLoss.push(value);
    valSmoothed.push(mean);
    return isDue ? mean : null;
  };

  for (const rate of makeLadder(options)) {
    const index = lr.length;
    optimizer.lr = rate;
    const measured = await trial.step();
    const mean = smooth(measured);
    lr.push(rate);
    loss.push(measured);
    smoothed.push(mean);
    const read = val > 0 ? await score(index, measured) : mean;
    if (!Number.isFinite(measured) || !Number.isFinite(read ?? measured)) return endAt("not-finite");
    if (read === null) continue;
    best = Math.min(best, read);
    progress.rung(lr.length, { lr: rate, loss: valLoss.at(-1) ?? measured, smoothed: read, best });
    if (hasDiverged(read, valLoss.at(-1) ?? measured)) return endAt("diverged");
  }
  return endAt("finished");
}
