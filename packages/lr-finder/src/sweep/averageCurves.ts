import { readLosses, type Curve, type StopReason } from "../curve.js";
import { meanOf } from "../rules/meanOf.js";

const WORST_FIRST: readonly StopReason[] = ["not-finite", "diverged", "finished"];

/**
 * The mean of sweeps over the same ladder, rung by rung as far as the shortest of them got, with the band between the
 * lowest and the highest.
 *
 * Smoothing is linear, so that the mean of smoothed losses is the smoothed mean.
 */
export function averageCurves(curves: readonly [Curve, ...Curve[]]): Curve {
  const [first] = curves;
  const rungs = Math.min(...curves.map(({ lr }) => lr.length));
  const ends = curves.filter(({ lr }) => lr.length === rungs).map(({ stopped }) => stopped);
  const across = (read: (curve: Curve) => readonly number[], join: (losses: number[]) => number): number[] =>
    Array.from({ length: rungs }, (_, rung) => join(curves.map((curve) => read(curve)[rung] ?? NaN)));
  const smoothedOf = (curve: Curve): readonly number[] => readLosses(curve).smoothed;
  return {
    mode: first.mode,
    ...(first.optimizer === undefined ? {} : { optimizer: first.optimizer }),
    lr: first.lr.slice(0, rungs),
    loss: across(({ loss }) => loss, meanOf),
    smoothed: across(({ smoothed }) => smoothed, meanOf),
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
