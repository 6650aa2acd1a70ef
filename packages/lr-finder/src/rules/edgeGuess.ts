import type { Curve } from "../curve.js";

/** A loss this many times the untrained one ends what a curve can say of its edge. */
const EXPLOSION = 4;
/** How far above the untrained loss a rung counts as not above it. */
const TOLERANCE = 1.02;
/** The rungs at the start whose losses are taken for the untrained one. */
const UNTRAINED_RUNGS = 4;

/**
 * About where the edge of harmless rates lies on a short, coarse curve: the last rung before the explosion whose loss
 * is not above the untrained one. Off by a decade at most on nearly all tasks it was tried on.
 */
export function edgeGuess({ lr, loss }: Curve): number {
  const start = loss.slice(0, UNTRAINED_RUNGS).filter(Number.isFinite);
  const untrained = start.reduce((sum, value) => sum + value, 0) / start.length;
  const isAbove = (value: number, times: number): boolean =>
    value - untrained > (times - 1) * Math.abs(untrained);
  const end = loss.findIndex((value) => !Number.isFinite(value) || isAbove(value, EXPLOSION));
  const alive = end === -1 ? loss : loss.slice(0, end);
  const last = alive.findLastIndex((value) => !isAbove(value, TOLERANCE));
  return lr[Math.max(0, last)] ?? NaN;
}
