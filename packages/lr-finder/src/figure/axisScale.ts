import { ticks } from "d3-array";

/** An axis as a map from values to parts of its length: 0 is its start, 1 its end. */
export interface AxisScale {
  (value: number): number;
  /** About so many round values along it. */
  readonly ticks: (count: number) => number[];
}

/** An axis along which equal differences are equally long. */
export function linearScale(low: number, high: number): AxisScale {
  return scale(low, high, (value) => value);
}

/** An axis along which equal ratios are equally long; `low` must be above 0. */
export function logScale(low: number, high: number): AxisScale {
  return scale(low, high, Math.log);
}

/**
 * An axis that is logarithmic on both sides of zero and linear between `-constant` and `constant`: `sign(v)·ln(1 + |v|/c)`
 * (Webber 2013, "A bi-symmetric log transformation for wide-range data"). Its ticks are zero and powers of ten times the
 * constant, as far apart as `count` of them would be.
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
