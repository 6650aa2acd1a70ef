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

function scale(low: number, high: number, bend: (value: number) => number): AxisScale {
  const [start, end] = [bend(low), bend(high)];
  const place = (value: number): number => (bend(value) - start) / (end - start);
  return Object.assign(place, { ticks: (count: number) => ticks(low, high, count) });
}
