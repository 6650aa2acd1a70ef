import type { Optimizer, ProgressLine, Trial } from "@fulmine/core";
import type { Curve, StopReason } from "../curve.js";
import { makeDivergenceWatch } from "./divergence.js";
import type { ResolvedFindLrOptions } from "../resolveFindLrOptions.js";
import { makeLadder } from "./ladder.js";
import { makeSmoother } from "./smoother.js";

/** Climbs the ladder: one optimizer step per rung, until the top, a loss that is not finite, or divergence. */
export async function sweep(
  trial: Trial,
  optimizer: Optimizer,
  options: ResolvedFindLrOptions,
  progress: ProgressLine,
): Promise<Curve> {
  const smooth = makeSmoother(options.beta);
  const hasDiverged = makeDivergenceWatch(options.earlyStopThreshold);
  const lr: number[] = [];
  const loss: number[] = [];
  const smoothed: number[] = [];
  let stopped: StopReason = "finished";
  let best = Infinity;
  for (const rung of makeLadder(options)) {
    optimizer.lr = rung;
    const value = await trial.step();
    lr.push(rung);
    loss.push(value);
    smoothed.push(smooth(value));
    if (!Number.isFinite(value)) {
      stopped = "not-finite";
      break;
    }
    const mean = smoothed.at(-1) ?? value;
    best = Math.min(best, mean);
    progress.update(lr.length, {
      lr: rung.toExponential(1),
      loss: mean.toPrecision(3),
      best: best.toPrecision(3),
    });
    if (hasDiverged(mean)) {
      stopped = "diverged";
      break;
    }
  }
  return { mode: options.mode, lr, loss, smoothed, stopped };
}
