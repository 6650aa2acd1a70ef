import { formatLoss } from "../numbers/formatNumber.js";

/** A tick with its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A vertical axis. Positions are parts of the panel height: 0 is the bottom, 1 the top. */
export interface VerticalAxis {
  readonly title: string;
  readonly domain: readonly [low: number, high: number];
  /** A symmetric logarithmic axis is linear between `-constant` and `constant`; undefined on other axes. */
  readonly constant?: number;
  /** The position of a value; above 1 if the value is above the panel. */
  up(value: number): number;
  /** About `count` ticks. */
  ticks(count: number): readonly Tick[];
}

/** The ticks of a horizontal axis; `minor` ticks have no label. */
export interface HorizontalTicks {
  readonly major: readonly Tick[];
  readonly minor: readonly number[];
}

/** A horizontal axis. Positions are parts of the panel width: 0 is left, 1 right. */
export interface HorizontalAxis {
  readonly title: string;
  /** The position of a value. */
  across(value: number): number;
  /** The ticks, with at most `room` labels. */
  ticks(room: number): HorizontalTicks;
}

/** Ticks with labels that have just enough digits to be different. */
export function labelled(values: readonly number[]): Tick[] {
  const inDigits = (digits: number): Tick[] =>
    values.map((value) => ({ value, label: formatLoss(value, digits) }));
  for (let digits = 4; digits < 15; digits++) {
    const ticks = inDigits(digits);
    if (new Set(ticks.map(({ label }) => label)).size === ticks.length) return ticks;
  }
  return inDigits(15);
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** An integer power of ten as a label, e.g. `10⁻³`, but `1` and `10`; null for other numbers. */
export function powerOfTen(value: number): string | null {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return null;
  if (exponent === 0 || exponent === 1) return String(10 ** exponent);
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS.charAt(Number(digit)));
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
