import type { TrainingSeries } from "./trainingData.js";

/** The number of points from which a line is thinned: more than a figure has pixels. */
const MOST = 2000;
/** The number of parts into which a long line is divided. */
const PARTS = 600;

/**
 * The points of a line. Of a long one each part keeps its first, lowest and highest point, and one that is not finite, so that
 * the drawing looks the same and stays small.
 */
export function thinned({
  at,
  values,
}: Pick<TrainingSeries, "at" | "values">): (readonly [at: number, value: number])[] {
  const points = at.map((moment, i) => [moment, values[i] ?? NaN] as const);
  if (points.length <= MOST) return points;
  const size = Math.ceil(points.length / PARTS);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, part) => {
    const own = points.slice(part * size, (part + 1) * size);
    const finite = own.filter(([, value]) => Number.isFinite(value)).sort(([, a], [, b]) => a - b);
    const gap = own.find(([, value]) => !Number.isFinite(value));
    const kept = new Set([own[0], finite[0], finite.at(-1), gap]);
    return own.filter((point) => kept.has(point));
  }).flat();
}
