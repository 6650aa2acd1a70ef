import { ticks } from "d3-array";
import { labelled, type HorizontalAxis, type VerticalAxis } from "../axes/axis.js";
import { linearScale, logScale, logTicks } from "../axes/axisScale.js";
import { formatCount, formatLoss } from "../numbers/formatNumber.js";
import { momentsOf, RATE, type TrainingData, type TrainingPanel } from "./trainingData.js";
import { unitInWords } from "./trainingWords.js";

/** The ratios of the greatest to the least value from which an axis is logarithmic. Schedules often end near zero. */
const [LOG_RATIO, LOG_RATE_RATIO] = [50, 1e4];
/** The empty space at both ends, as a part of the domain. */
const PADDING = 0.06;

/** The horizontal axis of a figure of a run: epochs or steps. */
export function momentAxis(data: TrainingData): HorizontalAxis {
  const moments = momentsOf(data);
  const [first = 0, last = 1] = [moments[0], moments.at(-1)];
  // An axis needs two different ends, even for a single epoch.
  const [low, high] = last > first ? [first, last] : [first - 0.5, first + 0.5];
  const scale = linearScale(low, high);
  return {
    title: unitInWords(data),
    across: (value) => scale(value),
    ticks: (room) => {
      const whole = ticks(low, high, Math.max(1, Math.min(room, 10))).filter(Number.isInteger);
      return { major: whole.map((value) => ({ value, label: formatCount(value) })), minor: [] };
    },
  };
}

/** The width of the longest label of the horizontal axis, in characters. */
export function longestMoment(data: TrainingData): number {
  return formatCount(momentsOf(data).at(-1) ?? 0).length;
}

/** The vertical axis of a panel. It is logarithmic for positive values that differ by a large factor. */
export function panelAxis({ name, series }: TrainingPanel): VerticalAxis {
  const values = series.flatMap((line) => line.values).filter(Number.isFinite);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  if (low > 0 && high / low >= (name === RATE ? LOG_RATE_RATIO : LOG_RATIO)) {
    const padding = (high / low) ** PADDING;
    const padded = [low / padding, high * padding] as const;
    // Beyond the largest number an axis has no ticks.
    const domain = padded[0] > 0 && padded[1] < Infinity ? padded : ([low, high] as const);
    const up = logScale(...domain);
    return {
      title: `${name} (log scale)`,
      ...{ domain, up: (value) => (value > 0 ? up(value) : -1) },
      ticks: (count) =>
        logTicks(...domain, count).major.map((value) => ({ value, label: formatLoss(value) })),
    };
  }
  const domain = linearDomain(low, high);
  const up = linearScale(...domain);
  return { title: name, domain, up: (value) => up(value), ticks: (count) => labelled(up.ticks(count)) };
}

function linearDomain(low: number, high: number): readonly [low: number, high: number] {
  if (low > high) return [0, 1];
  if (high - low <= 1e-9 * Math.abs(high)) {
    const half = (Math.abs(high) || 1) / 2;
    return [low - half, high + half];
  }
  const padding = PADDING * (high - low);
  // Values that are not negative get an axis that is not.
  return [low >= 0 ? Math.max(0, low - padding) : low - padding, high + padding];
}
