import { readLosses, type Curve } from "../curve.js";

/** One rung of a sweep as a rule reads it. */
export interface Rung {
  /** Its place in the curve. */
  readonly index: number;
  /** Its learning rate. */
  readonly lr: number;
  /** Where it stands on the axis the curve is read over: ln(lr) on exponential curves, lr on linear ones. */
  readonly x: number;
  /** The smoothed loss there. */
  readonly loss: number;
  /** The loss there as it was measured. */
  readonly measured: number;
}

/**
 * The rungs of a curve that can be read: those that were scored, where held-out data was, and all before the first whose
 * loss, measured or smoothed, is not finite. What stands behind such a rung was trained on ruined weights and says nothing.
 */
export function readRungs(curve: Curve): readonly Rung[] {
  const losses = readLosses(curve);
  const rungs: Rung[] = [];
  for (const [index, loss] of losses.smoothed.entries()) {
    const lr = curve.lr[index] ?? NaN;
    const measured = losses.measured[index] ?? NaN;
    const x = curve.mode === "exponential" ? Math.log(lr) : lr;
    if (![curve.loss[index], x].every(Number.isFinite)) break;
    if (curve.valLoss !== undefined && Number.isNaN(measured)) continue;
    if (![loss, measured].every(Number.isFinite)) break;
    rungs.push({ index, lr, x, loss, measured });
  }
  return rungs;
}
