import type { Curve } from "../curve.js";
import { linearScale, logScale } from "./axisScale.js";
import { changeScale } from "./changeScale.js";
import { curvesOf, drawnTrials, hasLogAxis, type FigureData } from "./figureData.js";
import { formatLoss } from "./formatLoss.js";
import { formatRate } from "./formatRate.js";
import { logTicks } from "./logTicks.js";
import { lossChange } from "./lossChange.js";
import { lossDomain } from "./lossDomain.js";
import { lossAxisInWords } from "./words.js";
import { greatestOf, leastOf } from "../rules/extremes.js";

/** A tick with its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** An upright axis, in parts of its panel: 0 is the bottom, 1 the top. */
export interface UprightAxis {
  readonly title: string;
  readonly domain: readonly [low: number, high: number];
  /** Up to which size of a value a symmetrically logarithmic axis is linear; left out for a linear one. */
  readonly constant?: number;
  /** How high a value stands; above 1 where it is cut off. */
  up(value: number): number;
  /** Ticks, about `count` of them. */
  ticks(count: number): readonly Tick[];
}

/** The axes of a figure. */
export interface Frame {
  readonly lrDomain: readonly [low: number, high: number];
  readonly loss: UprightAxis;
  /** That of the second panel; null where there is none. */
  readonly change: UprightAxis | null;
  /** How far right a rate stands: 0 is left, 1 right. */
  across(lr: number): number;
  /** Ticks for rates, where `room` labels fit; `minor` ones have no label. */
  lrTicks(room: number): { readonly major: readonly Tick[]; readonly minor: readonly number[] };
}

/** Lays out the axes of a figure. */
export function frameOf(data: FigureData): Frame {
  const curves = curvesOf(data);
  const ends = curves.flatMap(({ lr }) => [lr[0], lr.at(-1)]).filter((lr) => lr !== undefined);
  const rates = [...ends, ...drawnTrials(data).map(({ lr }) => lr)];
  const [low, high] = rates.length === 0 ? [1e-8, 1] : [leastOf(rates), greatestOf(rates)];
  // A sweep of one rung still needs an axis with two ends.
  const lrDomain: [number, number] = high > low ? [low, high] : [low * 0.5, low * 2];
  const isLog = hasLogAxis(data);
  const across = (isLog ? logScale : linearScale)(...lrDomain);
  const labelOf = data.x === "exponent" ? exponentOf : (lr: number) => powerOfTen(lr) ?? formatRate(lr, 1);
  return {
    lrDomain,
    loss: lossAxis(data, curves),
    change: data.change === true ? changeAxis(curves, isLog) : null,
    across,
    lrTicks: (room) => {
      if (!isLog) {
        const linear = across.ticks(Math.min(room, 8));
        return { major: linear.map((value) => ({ value, label: formatRate(value, 4) })), minor: [] };
      }
      const { major, minor } = logTicks(lrDomain[0], lrDomain[1], room);
      return { major: major.map((value) => ({ value, label: labelOf(value) })), minor };
    },
  };
}

function lossAxis(data: FigureData, curves: readonly Curve[]): UprightAxis {
  const scores = drawnTrials(data).map(({ score }) => score);
  const domains = curves.map((curve) => lossDomain(curve, scores));
  const domain = [leastOf(domains.map(([low]) => low)), greatestOf(domains.map(([, high]) => high))] as const;
  const up = linearScale(...domain);
  return { title: lossAxisInWords(data), domain, up, ticks: (count) => labelled(up.ticks(count)) };
}

function changeAxis(curves: readonly Curve[], isLog: boolean): UprightAxis {
  const { domain, constant, scale } = changeScale(curves.flatMap(lossChange));
  return {
    title: isLog ? "change per decade" : "change per unit",
    domain,
    constant,
    up: scale,
    ticks: (count) => labelled(scale.ticks(count)),
  };
}

/** Losses with labels that tell them apart, in no more digits than that takes. */
function labelled(values: readonly number[]): Tick[] {
  const inDigits = (digits: number): Tick[] =>
    values.map((value) => ({ value, label: formatLoss(value, digits) }));
  for (let digits = 4; digits < 15; digits++) {
    const ticks = inDigits(digits);
    if (new Set(ticks.map(({ label }) => label)).size === ticks.length) return ticks;
  }
  return inDigits(15);
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** The exponent of a rate to base 10, as a label. */
function exponentOf(lr: number): string {
  return formatLoss(Number(Math.log10(lr).toFixed(1)));
}

/** A whole power of ten as it is printed, `10⁻³`; 1 and 10 as they are; null for other numbers. */
function powerOfTen(value: number): string | null {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return null;
  if (exponent === 0 || exponent === 1) return String(10 ** exponent);
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS.charAt(Number(digit)));
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
