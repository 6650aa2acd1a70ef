import { readRungs, type Curve, type Rung } from "../curve/curve.js";
import { greatestOf, makeSmoother, meanOf } from "../curve/statistics.js";
import { isBatchNoise } from "./isBatchNoise.js";

/** The smoothing factor of the differences; the default of a search. */
const BETA = 0.9;
/** The smoothed differences show nothing if they stay below this part of the spread between batches. */
const NOTHING = 1e-3;

/**
 * The rungs as `auto` reads them. If the losses of the untrained model on the same batches are known, only the difference to them
 * counts: it shows what the rates did, without the differences between batches and without what other optimizers did.
 */
export function readEffect(curve: Curve): readonly Rung[] {
  const rungs = readRungs(curve);
  const untrained = pairOf(curve);
  if (untrained === undefined) return rungs;
  const level = meanOf(untrained.filter(Number.isFinite));
  const smooth = makeSmoother(BETA);
  return rungs.map((rung) => {
    const measured = rung.measured - (untrained[rung.index] ?? NaN) + level;
    return { ...rung, measured, loss: smooth(measured) };
  });
}

/**
 * Whether a sweep ran to its end and no rate had an effect: its losses are pure noise, or they are those of the untrained model
 * if these are known.
 */
export function showsOnlyNoise(curve: Curve): boolean {
  if (curve.stopped !== "finished") return false;
  const effects = readEffect(curve);
  const untrained = pairOf(curve);
  if (untrained === undefined) return isBatchNoise(effects.map(({ measured }) => measured));
  const level = meanOf(untrained);
  const spread = Math.sqrt(meanOf(untrained.map((loss) => (loss - level) ** 2)));
  const largest = greatestOf(effects.map(({ loss }) => Math.abs(loss - level)));
  // A rate that has an effect changes the loss more than a lower one, whether it raises or lowers it.
  return largest <= NOTHING * spread || isBatchNoise(effects.map((rung) => Math.abs(rung.measured - level)));
}

/** The losses of the untrained model that a curve is compared with. Held-out losses are of other batches than these. */
function pairOf({ untrained, valLoss }: Curve): readonly number[] | undefined {
  return valLoss === undefined ? untrained : undefined;
}
