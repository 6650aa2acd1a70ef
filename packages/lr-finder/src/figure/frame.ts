import type { Curve } from "../curve.js";
import { linearScale, logScale } from "./axisScale.js";
import { formatLoss } from "./formatLoss.js";
import { formatRate } from "./formatRate.js";
import { logTicks } from "./logTicks.js";
import { lossDomain } from "./lossDomain.js";

/** A tick with its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The two axes of a figure, in parts of the panel: 0 is left and bottom, 1 right and top. */
export interface Frame {
  readonly lrDomain: readonly [low: number, high: number];
  readonly lossDomain: readonly [low: number, high: number];
  /** How far right a rate stands. */
  across(lr: number): number;
  /** How high a loss stands; above 1 where it is cut off. */
  up(loss: number): number;
  /** Ticks for rates, where `room` labels fit; `minor` ones have no label. */
  lrTicks(room: number): { readonly major: readonly Tick[]; readonly minor: readonly number[] };
  /** Ticks for losses, about `count` of them. */
  lossTicks(count: number): readonly Tick[];
}

/** Lays out the axes of a curve. */
export function frameOf(curve: Curve): Frame {
  const low = curve.lr[0] ?? 1e-8;
  const high = curve.lr.at(-1) ?? 1;
  // A sweep of one rung still needs an axis with two ends.
  const lrDomain: [number, number] = high > low ? [low, high] : [low * 0.5, low * 2];
  const isLog = curve.mode === "exponential" && lrDomain[0] > 0;
  const across = (isLog ? logScale : linearScale)(...lrDomain);
  const domain = lossDomain(curve);
  const up = linearScale(...domain);
  return {
    lrDomain,
    lossDomain: domain,
    across,
    up,
    lrTicks: (room) => {
      if (!isLog) {
        const linear = across.ticks(Math.min(room, 8));
        return { major: linear.map((value) => ({ value, label: formatRate(value, 4) })), minor: [] };
      }
      const { major, minor } = logTicks(lrDomain[0], lrDomain[1], room);
      return {
        major: major.map((value) => ({ value, label: powerOfTen(value) ?? formatRate(value, 1) })),
        minor,
      };
    },
    lossTicks: (count) => labelled(up.ticks(count)),
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

/** A whole power of ten as it is printed, `10⁻³`; 1 and 10 as they are; null for other numbers. */
function powerOfTen(value: number): string | null {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return null;
  if (exponent === 0 || exponent === 1) return String(10 ** exponent);
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS.charAt(Number(digit)));
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
