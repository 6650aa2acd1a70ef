import type { Curve } from "../../src/curve/curve.js";
import type { FigureData } from "../../src/figure/figureData.js";
import { auto } from "../../src/rules/auto.js";
import { diverged, flat, linear, typical } from "./sweeps.js";

const scored = (losses: readonly number[]): number[] =>
  losses.map((loss, k) => (k % 4 === 0 ? 1.1 * loss + 0.05 : NaN));
const heldOut: Curve = { ...typical, valLoss: scored(typical.loss), valSmoothed: scored(typical.smoothed) };
const band: Curve = {
  ...typical,
  band: {
    sweeps: 5,
    low: typical.smoothed.map((loss, k) => loss * (0.93 - k / 2000)),
    high: typical.smoothed.map((loss, k) => loss * (1.06 + k / 1000)),
  },
};
const refined: Curve = {
  ...typical,
  trials: [
    { lr: 0.02, loss: [2.4, 1, 0.5], score: 0.45 },
    { lr: 0.063, loss: [2.4, 1, 0.4], score: 0.31 },
    { lr: 0.2, loss: [2.4, 90], score: Infinity },
  ],
};
const other = (shift: number, drop: number): Curve => ({
  ...typical,
  lr: typical.lr.map((lr) => lr * shift),
  smoothed: typical.smoothed.map((loss) => loss - drop),
});
const [large, small] = [other(4, 0.2), other(0.3, -0.1)];

/** The figures that the tests draw in every format. */
export const figures: Readonly<Record<string, FigureData>> = {
  typical: { curve: typical, suggestion: auto(typical), title: "Digits, AdamW" },
  diverged: { curve: diverged, suggestion: auto(diverged) },
  none: { curve: flat, suggestion: auto(flat) },
  linear: { curve: linear, suggestion: auto(linear) },
  "held-out": { curve: heldOut, suggestion: auto(heldOut) },
  band: { curve: band, suggestion: auto(band), x: "exponent" },
  overlay: {
    ...{ curve: typical, suggestion: auto(typical), label: "batches of 64", title: "Three batch sizes" },
    overlay: [
      { label: "batches of 256", curve: large, suggestion: auto(large) },
      { label: "batches of 16", curve: small, suggestion: auto(small) },
    ],
  },
  refined: { curve: refined, suggestion: auto(refined) },
  change: { curve: diverged, suggestion: auto(diverged), change: true },
};
