import type { Callback } from "./callback.js";
import type { Logger } from "../loggers/logger.js";
import { checkOptions } from "../options/checkOptions.js";
import type { TrainerProgress } from "./trainerProgress.js";
import {
  callable,
  count,
  countOrNone,
  countsByEpoch,
  flag,
  isListOf,
  isObject,
  oneOf,
  optional,
  positive,
  signal,
  text,
  whole,
  wholeFrom,
  type Requirement,
  type Requirements,
} from "../options/requirements.js";
import { timeLimit, type TimeLimit } from "../options/timeLimit.js";

/**
 * A limit on the data that a loop reads. An integer is a number of batches, so 1 is one batch; a number between 0 and 1 is a
 * fraction of all batches.
 */
export type BatchLimit = number;

/** Options of a Trainer. */
export interface TrainerOptions {
  /** Maximum number of epochs. @defaultValue 1000, or no limit if `maxSteps` or `maxTime` is set */
  readonly maxEpochs?: number;
  /** Minimum number of epochs; `trainer.stop()` does not end training before. @defaultValue 0 */
  readonly minEpochs?: number;
  /** Maximum number of optimizer steps. @defaultValue no limit */
  readonly maxSteps?: number;
  /** Maximum training time. @defaultValue no limit */
  readonly maxTime?: TimeLimit;
  /** Limit on the training data per epoch. @defaultValue all */
  readonly limitTrainBatches?: BatchLimit;
  /** Limit on the validation data; 0 skips validation. @defaultValue all */
  readonly limitValBatches?: BatchLimit;
  /** Limit on the data of `test`. @defaultValue all */
  readonly limitTestBatches?: BatchLimit;
  /** Limit on the data of `predict`. @defaultValue all */
  readonly limitPredictBatches?: BatchLimit;
  /** Trains and validates on the same few training batches in every epoch. @defaultValue off */
  readonly overfitBatches?: BatchLimit;
  /**
   * Runs one batch, or this number of batches, of each loop, to check that the code works. Loggers, checkpoints and the
   * learning-rate search are disabled. @defaultValue false
   */
  readonly fastDevRun?: boolean | number;
  /**
   * Interval between validations within an epoch: a number of training batches, or a fraction of the epoch.
   * @defaultValue at the end of the epoch
   */
  readonly valCheckInterval?: BatchLimit;
  /** Number of epochs between validations. @defaultValue 1 */
  readonly checkValEveryNEpoch?: number;
  /** Number of validation batches in the sanity check before training; 0 skips it. @defaultValue 2 */
  readonly numSanityValSteps?: number;
  /** Number of optimizer steps between two logs of step metrics. @defaultValue 50 */
  readonly logEveryNSteps?: number;
  /**
   * Number of batches whose gradients are averaged in one optimizer step. `{ 0: 8, 4: 1 }` means 8 from epoch 0 and 1 from
   * epoch 4.
   * @defaultValue 1
   */
  readonly accumulateGradBatches?: number | Readonly<Record<number, number>>;
  /** Gradient clipping: the maximum global norm, or the maximum absolute value. @defaultValue no clipping */
  readonly gradientClipVal?: number;
  /** Whether `gradientClipVal` limits the global norm of all gradients, or each element. @defaultValue "norm" */
  readonly gradientClipAlgorithm?: "norm" | "value";
  /** Checks the result of every operation, and reports the first that is not finite. Slow. @defaultValue false */
  readonly detectAnomaly?: boolean;
  /** Whether to show progress and one line per epoch. Warnings are always shown. @defaultValue true */
  readonly enableProgressBar?: boolean;
  /**
   * Called at each batch and epoch of a fit, and at each step of a learning-rate search, instead of showing progress: for
   * notebooks and pages that draw it themselves. It is not awaited. An error in it ends the run.
   * @defaultValue progress is shown as text
   */
  readonly onProgress?: (event: TrainerProgress) => void;
  /** Whether to show the module's layers and their sizes before training. @defaultValue true */
  readonly enableModelSummary?: boolean;
  /**
   * `true` saves a checkpoint after each epoch, unless a callback does. `false` rejects callbacks that save checkpoints.
   * @defaultValue only callbacks save checkpoints
   */
  readonly enableCheckpointing?: boolean;
  /** Default folder for checkpoints and logs. @defaultValue the current folder */
  readonly defaultRootDir?: string;
  /** The seed of all random numbers of a run, such as shuffling and dropout. @defaultValue a new seed for each run */
  readonly seed?: number;
  /** The callbacks, in calling order. @defaultValue none */
  readonly callbacks?: readonly Callback[];
  /** One logger or several for metrics and hyperparameters. @defaultValue none */
  readonly logger?: Logger | readonly Logger[] | false;
  /** Ends a run after the current batch when aborted. `fit` then resolves with status `"interrupted"`. */
  readonly signal?: AbortSignal;
}

/** Validates a {@link BatchLimit}. */
function batchLimit(least: number): Requirement {
  return {
    words: `a whole number of batches of at least ${least}, or a fraction between 0 and 1`,
    holds: (value) => wholeFrom(least).holds(value) || (positive.holds(value) && Number(value) < 1),
  };
}

const isLogger = (value: unknown): boolean => isObject(value, "logMetrics", "logHyperparams");

/** The requirements of the core Trainer's options. */
export const trainerRequirements: Requirements = {
  maxEpochs: count,
  minEpochs: countOrNone,
  maxSteps: count,
  maxTime: timeLimit,
  limitTrainBatches: batchLimit(1),
  limitValBatches: batchLimit(0),
  limitTestBatches: batchLimit(1),
  limitPredictBatches: batchLimit(1),
  overfitBatches: batchLimit(1),
  fastDevRun: {
    words: "true, false or a whole number of at least 1",
    holds: (value) => flag.holds(value) || count.holds(value),
  },
  valCheckInterval: batchLimit(1),
  checkValEveryNEpoch: count,
  numSanityValSteps: countOrNone,
  logEveryNSteps: count,
  accumulateGradBatches: {
    words: "a whole number of at least 1, or such numbers by the epoch from which they hold",
    holds: (value) => count.holds(value) || countsByEpoch.holds(value),
  },
  gradientClipVal: positive,
  gradientClipAlgorithm: oneOf("norm", "value"),
  detectAnomaly: flag,
  enableProgressBar: flag,
  onProgress: callable(),
  enableModelSummary: flag,
  enableCheckpointing: flag,
  defaultRootDir: text("the path of a folder"),
  seed: whole,
  callbacks: {
    words: "a list of callbacks",
    holds: (value) => isListOf(value, (callback) => isObject(callback)),
  },
  logger: {
    words: "a logger (with `logMetrics` and `logHyperparams`), a list of them, or false",
    holds: (value) => value === false || (Array.isArray(value) ? isListOf(value, isLogger) : isLogger(value)),
  },
  signal,
};

/** Options of plug-ins, and how to get the plug-in. */
const plugInOptions: Readonly<Record<string, string>> = {
  autoLrFind:
    "It comes with the finder's mixin: use Trainer from `fulmine`, or withLrFinder(Trainer) from `@fulmine/lr-finder`.",
  autoBatchSize:
    "It comes with the batch-size finder's mixin: withBatchSizeFinder(Trainer) from `@fulmine/batch-size-finder`.",
  accelerator:
    "It comes with the runtime: use Trainer from `fulmine`, or call useAccelerator from `@fulmine/runtime` first.",
};

/**
 * Checks a Trainer's options.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function checkTrainerOptions(options: object, requirements: Requirements): void {
  const optionals = Object.entries(requirements).map(([name, one]) => [name, optional(one)] as const);
  checkOptions(options, Object.fromEntries(optionals), undefined, plugInOptions);
}
