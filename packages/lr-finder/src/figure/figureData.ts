import { counted } from "@fulmine/core/plugin";
import type { Curve, RateTrial } from "../curve/curve.js";
import { formatRate } from "@fulmine/figure/plugin";
import { capitalized, endInWords, lossInWords, rangeInWords, suggestionInWords } from "../explain/words.js";
import type { Suggestion } from "../rules/suggestion.js";

/** A curve in the figure of another curve. */
export interface OverlaidCurve {
  /** The name in the legend. */
  readonly label: string;
  readonly curve: Curve;
  /** A suggestion, marked on the curve. */
  readonly suggestion?: Suggestion;
}

/** The contents of a figure. Every output format is a pure function of it. */
export interface FigureData {
  /** The measurements of the sweep. */
  readonly curve: Curve;
  /** A suggestion: its rate is marked, or the reason why there is none is shown. */
  readonly suggestion?: Suggestion;
  /** The title. @defaultValue "Learning-rate sweep" */
  readonly title?: string;
  /** Other sweeps for comparison, drawn with their smoothed losses only. */
  readonly overlay?: readonly OverlaidCurve[];
  /** The name of `curve` in the legend if there is an overlay. @defaultValue "this sweep" */
  readonly label?: string;
  /** The labels of the rate axis: rates or, on exponential sweeps, their exponents to base 10. @defaultValue "lr" */
  readonly x?: "lr" | "exponent";
  /** Whether a second panel shows the slope of the loss. @defaultValue false */
  readonly change?: boolean;
}

/** All curves of a figure; the first is not an overlay. */
export function curvesOf({ curve, overlay = [] }: FigureData): readonly [Curve, ...Curve[]] {
  return [curve, ...overlay.map((other) => other.curve)];
}

/** The trials that a figure shows; none if there is an overlay. */
export function drawnTrials({ curve, overlay }: FigureData): readonly RateTrial[] {
  return overlay === undefined ? (curve.trials ?? []) : [];
}

/** Whether the rate axis of a figure is logarithmic. */
export function hasLogAxis(data: FigureData): boolean {
  return curvesOf(data).every(({ mode, lr }) => mode === "exponential" && (lr[0] ?? 1) > 0);
}

/** The title of a figure. */
export function titleOf({ title = "Learning-rate sweep" }: FigureData): string {
  return title;
}

/** The title of the rate axis. */
export function rateAxisInWords(data: FigureData): string {
  if (!hasLogAxis(data)) return "learning rate";
  return data.x === "exponent" ? "log₁₀ of the learning rate" : "learning rate (log scale)";
}

/** The title of the loss axis. */
export function lossAxisInWords(data: FigureData): string {
  const isHeldOut = curvesOf(data).some(({ valLoss }) => valLoss !== undefined);
  // The score of a trial is a training loss or a held-out loss.
  return isHeldOut || drawnTrials(data).length > 0 ? "loss" : "training loss";
}

/** A text alternative for a figure. */
export function figureInWords(data: FigureData): string {
  const { curve, suggestion } = data;
  const [first] = curve.lr;
  const last = curve.lr.at(-1);
  if (first === undefined || last === undefined) return "An empty sweep.";
  const sentences = [
    `${capitalized(lossAxisInWords(data))} against ${rateAxisInWords(data)}, ${counted(curve.lr.length, "rate")} from ${formatRate(first)} to ${formatRate(last)}.`,
  ];
  const loss = lossInWords(curve);
  if (loss !== null) sentences.push(loss);
  sentences.push(`The sweep ${endInWords(curve.stopped)}.`);
  const trials = drawnTrials(data).map(({ lr }) => formatRate(lr));
  if (trials.length > 0) sentences.push(`Trials at constant rates: ${trials.join(", ")}.`);
  if (suggestion) {
    const range = rangeInWords(suggestion);
    const line = suggestionInWords(suggestion) + (range === null ? "" : `, ${range}`);
    sentences.push(`${capitalized(line)}.`);
  }
  if (curve.band !== undefined)
    sentences.push(`The losses are means over ${curve.band.sweeps} sweeps; a band shows their range.`);
  for (const { label, suggestion: pick } of data.overlay ?? [])
    sentences.push(`Overlay: ${label}${pick === undefined ? "" : `, ${suggestionInWords(pick)}`}.`);
  if (data.change === true) sentences.push("A second panel shows the slope of the loss.");
  return sentences.join(" ");
}
