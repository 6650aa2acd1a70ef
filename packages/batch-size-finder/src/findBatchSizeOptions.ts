import { engine } from "@tensorflow/tfjs-core";
import {
  checkOptions,
  count,
  oneOf,
  optional,
  positive,
  unitInterval,
  signal,
  text,
} from "@fulmine/core/plugin";
import { availableMemory } from "#availableMemory";

/**
 * How the batch grows: `"power"` doubles it; `"binary"` doubles it and then bisects between the largest batch that fits
 * into memory and the smallest that does not.
 */
export type BatchSizeMode = "power" | "binary";

/** The options that the batch-size finder adds to a Trainer. */
export interface BatchSizeFinderOptions {
  /**
   * Whether `fit` first searches the batch size and writes it to `hparams.batchSize`: `true` and `"power"` double it,
   * `"binary"` then bisects. @defaultValue false
   */
  readonly autoBatchSize?: boolean | BatchSizeMode;
}

/** Options of {@link findBatchSize}. */
export interface FindBatchSizeOptions {
  /** How the batch grows. @defaultValue "power" */
  readonly mode?: BatchSizeMode;
  /** The path of the hyperparameter that holds the batch size. @defaultValue "batchSize" */
  readonly field?: string;
  /** The first batch size. @defaultValue 2 */
  readonly initial?: number;
  /** The largest number of batch sizes to try. @defaultValue 25 */
  readonly maxTrials?: number;
  /** Number of timed steps per batch size; the median counts. @defaultValue 5 */
  readonly stepsPerTrial?: number;
  /**
   * The largest memory of all tensors during a step, in bytes.
   * @defaultValue the memory of all tensors before the search, plus half of the memory that the process can still use; no
   * limit in a browser, which doesn't tell
   */
  readonly maxMemory?: number;
  /**
   * The share of the highest rate of examples per second that may be lost for a smaller batch.
   * @defaultValue 0.05
   */
  readonly tolerance?: number;
  /** Stops the search when aborted. */
  readonly signal?: AbortSignal;
}

/** The options with their defaults. */
export interface ResolvedOptions extends Required<Omit<FindBatchSizeOptions, "signal">> {
  readonly signal: AbortSignal | undefined;
}

/**
 * Checks the options and fills in defaults.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function resolveOptions(options: FindBatchSizeOptions): ResolvedOptions {
  checkOptions(options, validators, "findBatchSize");
  const memory = availableMemory();
  return {
    mode: options.mode ?? "power",
    field: options.field ?? "batchSize",
    initial: options.initial ?? 2,
    maxTrials: options.maxTrials ?? 25,
    stepsPerTrial: options.stepsPerTrial ?? 5,
    maxMemory: options.maxMemory ?? (memory === null ? Infinity : engine().state.numBytes + memory / 2),
    tolerance: options.tolerance ?? 0.05,
    signal: options.signal,
  };
}

const validators = {
  mode: optional(oneOf("power", "binary")),
  field: optional(text("the path of a hyperparameter")),
  initial: optional(count),
  maxTrials: optional(count),
  stepsPerTrial: optional(count),
  maxMemory: optional(positive),
  tolerance: optional(unitInterval),
  signal: optional(signal),
};
