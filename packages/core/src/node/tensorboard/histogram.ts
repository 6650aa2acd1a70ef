/** How many values lie where, and what can be said of them together. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  /** The number of values. */
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** The upper ends of the buckets, rising; a bucket takes the values below its own and not below the one before. */
  readonly limits: readonly number[];
  /** The number of values in each bucket. */
  readonly counts: readonly number[];
}

/** TensorBoard's buckets: from 1e-12 to 1e20, each a tenth wider than the last, mirrored below zero. */
const LIMITS = bucketLimits();

function bucketLimits(): readonly number[] {
  const positive: number[] = [];
  // Multiplied up rather than by powers: TensorFlow's limits to the last bit.
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return [...positive.map((limit) => -limit).reverse(), 0, ...positive];
}

/**
 * Counts values into the buckets that TensorBoard shows, as `tf.summary.histogram` did in TensorFlow 1: buckets that
 * are empty on and on are made one. Values that are not finite are left out.
 */
export function histogramOf(values: ArrayLike<number>): Histogram {
  const finite = Array.from(values).filter(Number.isFinite);
  const all = new Map<number, number>();
  let [min, max, sum, sumSquares] = [Infinity, -Infinity, 0, 0];
  for (const value of finite) {
    const bucket = bucketOf(value);
    all.set(bucket, (all.get(bucket) ?? 0) + 1);
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumSquares += value * value;
  }
  const num = finite.length;
  if (num === 0) return { min: 0, max: 0, num, sum, sumSquares, limits: [], counts: [] };
  return { min, max, num, sum, sumSquares, ...withoutGaps(all) };
}

/** The first bucket of which the limit is above the value. */
function bucketOf(value: number): number {
  let [low, high] = [0, LIMITS.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((LIMITS[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The buckets with values, and one empty bucket where there are some before or between them. */
function withoutGaps(all: ReadonlyMap<number, number>): { limits: number[]; counts: number[] } {
  const limits: number[] = [];
  const counts: number[] = [];
  let next = 0;
  for (const [bucket, count] of [...all].sort(([a], [b]) => a - b)) {
    if (bucket > next) {
      limits.push(LIMITS[bucket - 1] ?? 0);
      counts.push(0);
    }
    limits.push(LIMITS[bucket] ?? Number.MAX_VALUE);
    counts.push(count);
    next = bucket + 1;
  }
  return { limits, counts };
}
