import type { BranchOptions } from "@fulmine/core";
import { readLosses, type Curve, type StopReason } from "../curve/curve.js";
import { meanOf } from "../curve/statistics.js";
import type { ResolvedFindLrOptions } from "../options/resolveFindLrOptions.js";
import type { SearchProgress } from "./progress.js";

/**
 * Runs several sweeps from the same state and averages their losses. The first sweep sees the batches and the dropout that a
 * single sweep would see; each other sweep has its own seed.
 *
 * @param sweepOnce - Runs one sweep from that state.
 */
export async function repeatedSweep(
  { repeats, numTraining, seed = 0 }: ResolvedFindLrOptions,
  progress: SearchProgress,
  sweepOnce: (progress: SearchProgress, branch: BranchOptions) => Promise<Curve>,
): Promise<Curve> {
  const repeatSweep = (repeat: number): Promise<Curve> => {
    const own: SearchProgress = {
      ...progress,
      rung: (done, rung) => progress.rung(repeat * numTraining + done, rung),
    };
    return sweepOnce(own, repeat === 0 ? {} : { seed: seed + repeat });
  };
  const curves: [Curve, ...Curve[]] = [await repeatSweep(0)];
  while (curves.length < repeats) curves.push(await repeatSweep(curves.length));
  return averageCurves(curves);
}

const WORST_FIRST: readonly StopReason[] = ["not-finite", "diverged", "finished"];

/**
 * The mean of several curves over the same ladder, per rung, up to the end of the shortest curve. The band is the range of
 * the smoothed losses.
 *
 * Smoothing is linear, so that the mean of the smoothed losses is the smoothed mean.
 */
export function averageCurves(curves: readonly [Curve, ...Curve[]]): Curve {
  const [first] = curves;
  const rungs = Math.min(...curves.map(({ lr }) => lr.length));
  const ends = curves.filter(({ lr }) => lr.length === rungs).map(({ stopped }) => stopped);
  const across = (
    read: (curve: Curve) => readonly number[],
    reduce: (losses: number[]) => number,
  ): number[] =>
    Array.from({ length: rungs }, (_, rung) => reduce(curves.map((curve) => read(curve)[rung] ?? NaN)));
  const smoothedOf = (curve: Curve): readonly number[] => readLosses(curve).smoothed;
  return {
    mode: first.mode,
    ...(first.optimizer === undefined ? {} : { optimizer: first.optimizer }),
    lr: first.lr.slice(0, rungs),
    loss: across(({ loss }) => loss, meanOf),
    smoothed: across(({ smoothed }) => smoothed, meanOf),
    // Where one sweep did not need them, its own losses are clear, and so is the mean.
    ...(curves.every(({ untrained }) => untrained !== undefined)
      ? { untrained: across(({ untrained = [] }) => untrained, meanOf) }
      : {}),
    ...(first.valLoss === undefined
      ? {}
      : {
          valLoss: across(({ valLoss = [] }) => valLoss, meanOf),
          valSmoothed: across(({ valSmoothed = [] }) => valSmoothed, meanOf),
        }),
    band: {
      sweeps: curves.length,
      low: across(smoothedOf, (losses) => Math.min(...losses)),
      high: across(smoothedOf, (losses) => Math.max(...losses)),
    },
    stopped: WORST_FIRST.find((reason) => ends.includes(reason)) ?? first.stopped,
  };
}
