import { readRungs, type Curve } from "../curve/curve.js";
import { lossChange } from "../curve/gradient.js";
import { greatestOf, leastOf } from "../curve/statistics.js";
import { formatLoss, formatRate } from "../explain/words.js";
import { linearScale, logScale, logTicks } from "./axisScale.js";
import { changeScale, lossDomain } from "./domains.js";
import { curvesOf, drawnTrials, hasLogAxis, lossAxisInWords, type FigureData } from "./figureData.js";

/** A tick with its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A vertical axis. Positions are parts of the panel height: 0 is the bottom, 1 the top. */
export interface VerticalAxis {
  readonly title: string;
  readonly domain: readonly [low: number, high: number];
  /** A symmetric logarithmic axis is linear between `-constant` and `constant`; undefined on a linear axis. */
  readonly constant?: number;
  /** The position of a value; above 1 if the value is above the panel. */
  up(value: number): number;
  /** About `count` ticks. */
  ticks(count: number): readonly Tick[];
}

/** The axes of a figure. */
export interface Frame {
  readonly lrDomain: readonly [low: number, high: number];
  readonly loss: VerticalAxis;
  /** The axis of the second panel; null if there is none. */
  readonly change: VerticalAxis | null;
  /** The horizontal position of a rate: 0 is left, 1 right. */
  across(lr: number): number;
  /** The ticks of the rate axis, with at most `room` labels; `minor` ticks have no label. */
  lrTicks(room: number): { readonly major: readonly Tick[]; readonly minor: readonly number[] };
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

/** Ticks with labels that have just enough digits to be different. */
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

/** The base-10 exponent of a rate as a label. */
function exponentOf(lr: number): string {
  return formatLoss(Number(Math.log10(lr).toFixed(1)));
}

/** An integer power of ten as a label, e.g. `10⁻³`, but `1` and `10`; null for other numbers. */
function powerOfTen(value: number): string | null {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return null;
  if (exponent === 0 || exponent === 1) return String(10 ** exponent);
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS.charAt(Number(digit)));
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
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
