import { counted } from "@fulmine/core/plugin";
import { FulmineError } from "@fulmine/core";
import type { BatchSizeTrial, BatchSizeStop } from "./batchSizeFinder.js";
import type { ResolvedOptions } from "./findBatchSizeOptions.js";
import type { Measured } from "./measureTrial.js";

/** The search ends when this many doublings in a row are not faster, by the tolerance, than all before them. */
const SLOW_DOUBLINGS = 2;

/** The trials of a search, and why it ended. */
export interface Growth {
  readonly trials: readonly BatchSizeTrial[];
  readonly reason: BatchSizeStop;
}

/**
 * Grows the batch until memory, speed or the data says stop.
 *
 * @param measure - Measures a batch size; `null` if it ran out of memory.
 * @throws FulmineError `INVALID_DATA` if the data ignores the batch size.
 */
export async function growBatch(
  measure: (batchSize: number) => Promise<Measured | null>,
  { mode, initial, maxTrials, maxMemory, tolerance, field }: ResolvedOptions,
): Promise<Growth> {
  const trials: BatchSizeTrial[] = [];
  /** Measures a batch size and keeps the trial; returns why it can't be used, `null` if it can. */
  const attempt = async (batchSize: number): Promise<"memory" | "data" | null> => {
    if (predictedBytes(trials, batchSize) > maxMemory) return "memory";
    const measured = await measure(batchSize).catch((error: unknown): "data" => {
      // A loader with `dropLast` has no batch that is larger than its data.
      if (trials.length > 0 && error instanceof FulmineError && error.code === "EMPTY_DATA") return "data";
      throw error;
    });
    if (measured === null) return "memory";
    if (measured === "data") return measured;
    const { examples, ...trial } = measured;
    if (examples !== batchSize) {
      if (trials.length === 0 || (await isFixed(examples))) throw ignored(field, batchSize, examples);
      return "data";
    }
    if (trial.peakBytes > maxMemory) return "memory";
    trials.push(trial);
    return null;
  };
  /** Whether the data keeps the size of the first trial, e.g. because `trainDataloader` keeps its first loader. */
  const isFixed = async (examples: number): Promise<boolean> => {
    if (examples === 1 || trials.length > 1 || trials[0]?.batchSize !== examples) return false;
    return (await measure(examples - 1))?.examples === examples;
  };

  let [size, limit]: [number, "memory" | "data" | null] = [initial, null];
  for (; trials.length < maxTrials && limit === null && !isSlow(trials, tolerance); size *= 2)
    limit = await attempt(size);
  if (limit === null) return { trials, reason: trials.length < maxTrials ? "speed" : "trials" };
  if (mode === "binary") {
    let [fits, fails] = [trials.at(-1)?.batchSize ?? 0, size / 2];
    while (fails - fits > 1 && trials.length < maxTrials) {
      const middle = Math.floor((fits + fails) / 2);
      if ((await attempt(middle)) === null) fits = middle;
      else fails = middle;
    }
  }
  return { trials, reason: limit };
}

/** Whether the last doublings were no faster than the batches before them. */
function isSlow(trials: readonly BatchSizeTrial[], tolerance: number): boolean {
  const rates = trials.map(({ examplesPerSecond }) => examplesPerSecond);
  const [before, last] = [rates.slice(0, -SLOW_DOUBLINGS), rates.slice(-SLOW_DOUBLINGS)];
  return before.length > 0 && Math.max(...last) < Math.max(...before) * (1 + tolerance);
}

/** The memory that a batch size will need, by the straight line through the last two trials; 0 if it isn't known. */
function predictedBytes(trials: readonly BatchSizeTrial[], batchSize: number): number {
  const [one, other] = trials.slice(-2);
  if (one === undefined || other === undefined) return 0;
  const perExample = (other.peakBytes - one.peakBytes) / (other.batchSize - one.batchSize);
  return other.peakBytes + perExample * (batchSize - other.batchSize);
}

function ignored(field: string, batchSize: number, examples: number): FulmineError {
  return new FulmineError(
    "INVALID_DATA",
    `The training data ignores the batch size: it gave ${counted(examples, "example")}.`,
    {
      received: batchSize,
      todo: `Let \`trainDataloader\` make a new loader with hparams.${field} at each call, and give \`train\` more examples than that.`,
    },
  );
}
