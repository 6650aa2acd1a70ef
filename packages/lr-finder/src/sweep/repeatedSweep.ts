import type { Trial } from "@fulmine/core";
import type { Curve } from "../curve.js";
import type { ResolvedFindLrOptions } from "../resolveFindLrOptions.js";
import type { SweepWatch } from "../sweepWatch.js";
import { averageCurves } from "./averageCurves.js";

/**
 * Sweeps several times from one and the same state and averages what was measured. The first sees the batches and the
 * dropout that a single sweep would see, each other one its own.
 *
 * @param climb - Makes one sweep.
 */
export async function repeatedSweep(
  trial: Trial,
  { repeats, numTraining, seed = 0 }: ResolvedFindLrOptions,
  watch: SweepWatch,
  climb: (from: Trial, watch: SweepWatch) => Promise<Curve>,
): Promise<Curve> {
  const once = (repeat: number): Promise<Curve> => {
    const own: SweepWatch = {
      ...watch,
      rung: (done, rung) => watch.rung(repeat * numTraining + done, rung),
    };
    return trial.branch((from) => climb(from, own), repeat === 0 ? {} : { seed: seed + repeat });
  };
  const curves: [Curve, ...Curve[]] = [await once(0)];
  while (curves.length < repeats) curves.push(await once(curves.length));
  return averageCurves(curves);
}
