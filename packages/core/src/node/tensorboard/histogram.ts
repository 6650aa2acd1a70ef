/** A histogram with summary statistics. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  /** The number of values. */
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** The buckets' upper limits in ascending order; a bucket contains the values from the previous limit to below its own. */
  readonly limits: readonly number[];
  /** The number of values in each bucket. */
  readonly counts: readonly number[];
}

/** The limits of TensorBoard's buckets: from 1e-12 to 1e20 by factors of 1.1, mirrored below zero. */
const LIMITS = bucketLimits();

function bucketLimits(): readonly number[] {
  const positive: number[] = [];
  // Repeated multiplication gives TensorFlow's limits bit for bit; powers do not.
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return [...positive.map((limit) => -limit).reverse(), 0, ...positive];
}

/**
 * Counts values in TensorBoard's buckets, as `tf.summary.histogram` of TensorFlow 1 does. Consecutive empty buckets are merged.
 * Non-finite values are ignored.
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

/** The first bucket whose limit is above the value. */
function bucketOf(value: number): number {
  let [low, high] = [0, LIMITS.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((LIMITS[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The non-empty buckets, with one empty bucket in place of each run of empty buckets before or between them. */
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
