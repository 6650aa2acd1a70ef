import type { Callback } from "./callback.js";
import type { Logger } from "../loggers/logger.js";
import { checkOptions } from "../options/checkOptions.js";
import type { TrainerProgress } from "./trainerProgress.js";
import {
  callable,
  count,
  nonNegativeInteger,
  countsByEpoch,
  flag,
  isListOf,
  isObject,
  oneOf,
  optional,
  positive,
  signal,
  text,
  integer,
  integerFrom,
  type Validator,
  type Validators,
} from "../options/validators.js";
import { timeLimit, type TimeLimit } from "../options/timeLimit.js";

/** A number of batches: an integer, or a fraction of all batches between 0 and 1. The value 1 is one batch. */
export type BatchLimit = number;

/** The options of a {@link Trainer}. */
export interface TrainerOptions {
  /** Number of epochs after which training ends. @defaultValue 1000, or no limit if `maxSteps` or `maxTime` is set */
  readonly maxEpochs?: number;
  /** Number of epochs that are trained even if `trainer.stop()` is called. @defaultValue 0 */
  readonly minEpochs?: number;
  /** Number of optimizer steps after which training ends. @defaultValue no limit */
  readonly maxSteps?: number;
  /** Time after which training ends: `"DD:HH:MM:SS"` or e.g. `{ hours: 8 }`. @defaultValue no limit */
  readonly maxTime?: TimeLimit;
  /** Number or fraction of training batches per epoch. @defaultValue all */
  readonly limitTrainBatches?: BatchLimit;
  /** Number or fraction of validation batches; 0 disables validation. @defaultValue all */
  readonly limitValBatches?: BatchLimit;
  /** Number or fraction of batches that `test` reads. @defaultValue all */
  readonly limitTestBatches?: BatchLimit;
  /** Number or fraction of batches that `predict` reads. @defaultValue all */
  readonly limitPredictBatches?: BatchLimit;
  /** Number or fraction of training batches on which every epoch trains and validates, to test a model. @defaultValue off */
  readonly overfitBatches?: BatchLimit;
  /**
   * Runs only this many batches (`true`: one) of training and validation, to find errors quickly. Loggers, checkpoints,
   * early stopping and learning-rate searches are off. @defaultValue false
   */
  readonly fastDevRun?: boolean | number;
  /**
   * Number of training batches between two validations, or a fraction of an epoch.
   * @defaultValue validation at the end of an epoch
   */
  readonly valCheckInterval?: BatchLimit;
  /** Number of epochs between two validations. @defaultValue 1 */
  readonly checkValEveryNEpoch?: number;
  /** Number of validation batches to run before training, to find errors early; 0 for none. @defaultValue 2 */
  readonly numSanityValSteps?: number;
  /** Number of optimizer steps between two logs of step metrics. @defaultValue 50 */
  readonly logEveryNSteps?: number;
  /**
   * Number of batches whose gradients are averaged in one optimizer step. An object sets it by first epoch: `{ 0: 8, 4: 1 }`
   * uses 8 batches in epochs 0 to 3, and 1 from epoch 4 on. @defaultValue 1
   */
  readonly accumulateGradBatches?: number | Readonly<Record<number, number>>;
  /** Largest norm of all gradients together, or largest absolute value of one element. @defaultValue no clipping */
  readonly gradientClipVal?: number;
  /** Whether gradients are clipped by their norm or by value. @defaultValue "norm" */
  readonly gradientClipAlgorithm?: "norm" | "value";
  /** Checks the result of every operation, and throws at the first non-finite one. This is slow. @defaultValue false */
  readonly detectAnomaly?: boolean;
  /** Shows progress and messages. Warnings are always shown. @defaultValue true */
  readonly enableProgressBar?: boolean;
  /**
   * Receives progress events, e.g. for a notebook or a web page, instead of showing progress. It is not awaited. An error
   * that it throws ends the run. @defaultValue progress is shown
   */
  readonly onProgress?: (event: TrainerProgress) => void;
  /** Shows the parts of the module and their numbers of parameters before training. @defaultValue true */
  readonly enableModelSummary?: boolean;
  /**
   * `true` adds a `ModelCheckpoint` unless a callback saves checkpoints; `false` rejects such callbacks.
   * @defaultValue neither
   */
  readonly enableCheckpointing?: boolean;
  /** Default folder for checkpoints and logs. @defaultValue the current folder */
  readonly defaultRootDir?: string;
  /** Seed of all random numbers of a run, e.g. for shuffling and dropout. @defaultValue a new seed for each Trainer */
  readonly seed?: number;
  /** Callbacks, in calling order. @defaultValue none */
  readonly callbacks?: readonly Callback[];
  /** Loggers for metrics and hyperparameters: one, several, or `false` for none. @defaultValue false */
  readonly logger?: Logger | readonly Logger[] | false;
  /** Ends a run after the current batch when aborted; `fit` then resolves with the status `"interrupted"`. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** The number of batches of each loop in a dev run; `null` if `fastDevRun` is off. */
export function devRunBatches({ fastDevRun = false }: Pick<TrainerOptions, "fastDevRun">): number | null {
  return fastDevRun === false ? null : Number(fastDevRun);
}

/** The number of optimizer steps after which a fit ends, also a dev run; `Infinity` without a limit. */
export function maxStepsOf(options: Pick<TrainerOptions, "fastDevRun" | "maxSteps">): number {
  return Math.min(options.maxSteps ?? Infinity, devRunBatches(options) ?? Infinity);
}

/** A number of batches of at least `least`, or a fraction between 0 and 1. */
function batchLimit(least: number): Validator {
  return {
    expected: `an integer of at least ${least}, or a fraction between 0 and 1`,
    test: (value) => integerFrom(least).test(value) || (positive.test(value) && Number(value) < 1),
  };
}

const isLogger = (value: unknown): boolean => isObject(value, "logMetrics", "logHyperparams");

/** Validators of the core Trainer's options; each option may be omitted. */
export const trainerValidators: Validators = {
  maxEpochs: count,
  minEpochs: nonNegativeInteger,
  maxSteps: count,
  maxTime: timeLimit,
  limitTrainBatches: batchLimit(1),
  limitValBatches: batchLimit(0),
  limitTestBatches: batchLimit(1),
  limitPredictBatches: batchLimit(1),
  overfitBatches: batchLimit(1),
  fastDevRun: {
    expected: "true, false or an integer of at least 1",
    test: (value) => flag.test(value) || count.test(value),
  },
  valCheckInterval: batchLimit(1),
  checkValEveryNEpoch: count,
  numSanityValSteps: nonNegativeInteger,
  logEveryNSteps: count,
  accumulateGradBatches: {
    expected: "an integer of at least 1, or such numbers by the epoch from which they hold",
    test: (value) => count.test(value) || countsByEpoch.test(value),
  },
  gradientClipVal: positive,
  gradientClipAlgorithm: oneOf("norm", "value"),
  detectAnomaly: flag,
  enableProgressBar: flag,
  onProgress: callable(),
  enableModelSummary: flag,
  enableCheckpointing: flag,
  defaultRootDir: text("the path of a folder"),
  seed: integer,
  callbacks: {
    expected: "a list of callbacks",
    test: (value) => isListOf(value, (callback) => isObject(callback)),
  },
  logger: {
    expected: "a logger (with `logMetrics` and `logHyperparams`), a list of them, or false",
    test: (value) => value === false || (Array.isArray(value) ? isListOf(value, isLogger) : isLogger(value)),
  },
  signal,
};

/** Options of plug-ins, and how to get the plug-in. */
const plugInOptions: Readonly<Record<string, string>> = {
  autoLrFind:
    "It comes with the finder's mixin: use Trainer from `fulmine`, or withLrFinder(Trainer) from `@fulmine/lr-finder`.",
  autoBatchSize:
    "It comes with the batch-size finder's mixin: use Trainer from `fulmine`, or withBatchSizeFinder(Trainer) from `@fulmine/batch-size-finder`.",
  accelerator:
    "It comes with the runtime: use Trainer from `fulmine`, or call useAccelerator from `@fulmine/runtime` first.",
};

/**
 * Checks a Trainer's options.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function checkTrainerOptions(options: object, requirements: Validators): void {
  const optionals = Object.entries(requirements).map(([name, one]) => [name, optional(one)] as const);
  checkOptions(options, Object.fromEntries(optionals), undefined, plugInOptions);
}
