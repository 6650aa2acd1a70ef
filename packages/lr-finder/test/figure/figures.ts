import type { FigureData } from "../../src/figure/figureData.js";
import { auto } from "../../src/rules/auto.js";
import { diverged, flat, linear, typical } from "../support/sweeps.js";

const heldOut = typical.smoothed.map((loss, k) => (k % 8 === 0 ? loss + 0.08 : NaN));

/** The figures that the tests draw in every form. */
export const figures: Readonly<Record<string, FigureData>> = {
  typical: { curve: typical, suggestion: auto(typical), title: "Digits, AdamW" },
  diverged: { curve: diverged, suggestion: auto(diverged) },
  none: { curve: flat, suggestion: auto(flat) },
  linear: { curve: linear, suggestion: auto(linear) },
  "held-out": { curve: { ...typical, valLoss: heldOut }, suggestion: auto(typical) },
};
