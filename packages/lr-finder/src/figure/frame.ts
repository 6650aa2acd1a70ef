import {
  formatLoss,
  formatRate,
  labelled,
  linearScale,
  logScale,
  logTicks,
  powerOfTen,
  type HorizontalAxis,
  type VerticalAxis,
} from "@fulmine/figure/plugin";
import { readRungs, type Curve } from "../curve/curve.js";
import { lossChange } from "../curve/gradient.js";
import { greatestOf, leastOf } from "../curve/statistics.js";
import { changeScale, lossDomain } from "./domains.js";
import {
  curvesOf,
  drawnTrials,
  hasLogAxis,
  lossAxisInWords,
  rateAxisInWords,
  type FigureData,
} from "./figureData.js";

/** The axes of a figure. */
export interface Frame extends HorizontalAxis {
  readonly lrDomain: readonly [low: number, high: number];
  readonly loss: VerticalAxis;
  /** The axis of the second panel; null if there is none. */
  readonly change: VerticalAxis | null;
}

/** Computes the axes of a figure. */
export function frameOf(data: FigureData): Frame {
  const curves = curvesOf(data);
  const ends = curves.flatMap(({ lr }) => [lr[0], lr.at(-1)]).filter((lr) => lr !== undefined);
  const rates = [...ends, ...drawnTrials(data).map(({ lr }) => lr)];
  const [low, high] = rates.length === 0 ? [1e-8, 1] : [leastOf(rates), greatestOf(rates)];
  // An axis needs two different ends, even for a single rate.
  const lrDomain: [number, number] = high > low ? [low, high] : [low * 0.5, low * 2];
  const isLog = hasLogAxis(data);
  const across = (isLog ? logScale : linearScale)(...lrDomain);
  const labelOf = data.x === "exponent" ? exponentOf : (lr: number) => powerOfTen(lr) ?? formatRate(lr, 1);
  return {
    lrDomain,
    loss: lossAxis(data, curves),
    change: data.change === true ? changeAxis(curves, isLog) : null,
    title: rateAxisInWords(data),
    across,
    ticks: (room) => {
      if (!isLog) {
        const linear = across.ticks(Math.min(room, 8));
        return { major: linear.map((value) => ({ value, label: formatRate(value, 4) })), minor: [] };
      }
      const { major, minor } = logTicks(lrDomain[0], lrDomain[1], room);
      return { major: major.map((value) => ({ value, label: labelOf(value) })), minor };
    },
  };
}

function lossAxis(data: FigureData, curves: readonly Curve[]): VerticalAxis {
  const scores = drawnTrials(data).map(({ score }) => score);
  const domains = curves.map((curve) => lossDomain(curve, scores));
  const domain = [leastOf(domains.map(([low]) => low)), greatestOf(domains.map(([, high]) => high))] as const;
  const up = linearScale(...domain);
  return { title: lossAxisInWords(data), domain, up, ticks: (count) => labelled(up.ticks(count)) };
}

function changeAxis(curves: readonly Curve[], isLog: boolean): VerticalAxis {
  const { domain, constant, scale } = changeScale(curves.flatMap(lossChange));
  return {
    title: isLog ? "change per decade" : "change per unit",
    domain,
    constant,
    up: scale,
    ticks: (count) => labelled(scale.ticks(count)),
  };
}

/** The base-10 exponent of a rate as a label. */
function exponentOf(lr: number): string {
  return formatLoss(Number(Math.log10(lr).toFixed(1)));
}

/**
 * The smoothed loss that rules read at any rate, interpolated linearly along the drawn line; NaN outside the sweep.
 */
export function smoothedAt(curve: Curve, frame: Frame, lr: number): number {
  const rungs = readRungs(curve);
  const next = rungs.findIndex((rung) => rung.lr >= lr);
  const [low, high] = [rungs[next - 1], rungs[next]];
  if (high === undefined) return NaN;
  if (low === undefined) return high.lr === lr ? high.loss : NaN;
  const part = (frame.across(lr) - frame.across(low.lr)) / (frame.across(high.lr) - frame.across(low.lr));
  return low.loss + part * (high.loss - low.loss);
}
