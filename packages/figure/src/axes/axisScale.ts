import { ticks } from "d3-array";

/** A scale of an axis: it maps values to positions from 0 at the start to 1 at the end. */
export interface AxisScale {
  (value: number): number;
  /** About `count` round values. */
  readonly ticks: (count: number) => number[];
}

/** A linear scale. */
export function linearScale(low: number, high: number): AxisScale {
  return scale(low, high, (value) => value);
}

/** A logarithmic scale; `low` must be positive. */
export function logScale(low: number, high: number): AxisScale {
  return scale(low, high, Math.log);
}

/**
 * A symmetric logarithmic scale, linear between `-constant` and `constant`: `sign(v)·ln(1 + |v|/c)`. Its ticks are zero and
 * powers of ten times the constant, at distances of at least `1/count`.
 *
 * Source: Webber, "A bi-symmetric log transformation for wide-range data", 2013.
 */
export function symlogScale(low: number, high: number, constant: number): AxisScale {
  const place = scale(low, high, (value) => Math.sign(value) * Math.log1p(Math.abs(value) / constant));
  const powers = Array.from({ length: 40 }, (_, k) => constant * 10 ** (39 - k));
  const candidates = [0, ...powers.flatMap((value) => [-value, value])];
  return Object.assign((value: number) => place(value), {
    ticks: (count: number) => {
      const kept: number[] = [];
      for (const value of candidates.filter((one) => one >= low && one <= high)) {
        if (kept.every((other) => Math.abs(place(value) - place(other)) >= 1 / count)) kept.push(value);
      }
      return kept.sort((a, b) => a - b);
    },
  });
}

function scale(low: number, high: number, bend: (value: number) => number): AxisScale {
  const [start, end] = [bend(low), bend(high)];
  const place = (value: number): number => (bend(value) - start) / (end - start);
  return Object.assign(place, { ticks: (count: number) => ticks(low, high, count) });
}

/** The ticks of a logarithmic scale. */
export interface LogTicks {
  /** Ticks with labels: powers of ten, on short axes also 2 and 5 times these. */
  readonly major: readonly number[];
  /** Ticks without labels. */
  readonly minor: readonly number[];
}

/**
 * The ticks of a logarithmic scale from `low` to `high`.
 *
 * @param room - The maximum number of labels.
 */
export function logTicks(low: number, high: number, room: number): LogTicks {
  // Tolerate rounding errors at the ends of the axis.
  const within = (value: number): boolean => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const multiples = (factors: readonly number[]): number[] =>
    exponents.flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`))).filter(within);

  const decades = multiples([1]);
  const every = Math.max(1, Math.ceil(decades.length / Math.max(1, room)));
  if (decades.length > 2 || every > 1) {
    // Count from the exponent 0, so that labels do not move when a curve grows.
    const major = decades.filter((value) => Math.round(Math.log10(value)) % every === 0);
    const minor = every > 1 ? decades : multiples([2, 3, 4, 5, 6, 7, 8, 9]);
    return { major, minor: minor.filter((value) => !major.includes(value)) };
  }
  const minor = multiples([2, 3, 4, 5, 6, 7, 8, 9]);
  const major = [[1, 2, 5], [1, 3], [1]].map(multiples).find((ticks) => ticks.length <= room) ?? decades;
  return { major, minor: minor.filter((value) => !major.includes(value)) };
}
