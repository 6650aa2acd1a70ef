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

/**
 * How much of the data a loop reads: a whole number of batches, or a fraction between 0 and 1 of them. 1 is one batch.
 */
export type BatchLimit = number;

/** What a Trainer can be told. */
export interface TrainerOptions {
  /** The number of epochs after which training ends. @defaultValue 1000, or no limit when `maxSteps` or `maxTime` is given */
  readonly maxEpochs?: number;
  /** The number of epochs before which `trainer.stop()` does not end training. @defaultValue 0 */
  readonly minEpochs?: number;
  /** The number of optimizer steps after which training ends. @defaultValue no limit */
  readonly maxSteps?: number;
  /** The time after which training ends. @defaultValue no limit */
  readonly maxTime?: TimeLimit;
  /** How much of the training data an epoch reads. @defaultValue all */
  readonly limitTrainBatches?: BatchLimit;
  /** How much of the held-out data a validation reads; 0 skips it. @defaultValue all */
  readonly limitValBatches?: BatchLimit;
  /** How much of the data `test` reads. @defaultValue all */
  readonly limitTestBatches?: BatchLimit;
  /** How much of the data `predict` reads. @defaultValue all */
  readonly limitPredictBatches?: BatchLimit;
  /** Trains and validates on the same few training batches, again and again. @defaultValue off */
  readonly overfitBatches?: BatchLimit;
  /**
   * Runs one batch, or this many, of each loop and nothing else, to see whether everything holds together: no loggers, no
   * checkpoints, no search of the learning rate. @defaultValue false
   */
  readonly fastDevRun?: boolean | number;
  /**
   * Validates within the epoch: after every so many training batches, or after a fraction of the epoch.
   * @defaultValue at the epoch's end
   */
  readonly valCheckInterval?: BatchLimit;
  /** Validates after every so many epochs. @defaultValue 1 */
  readonly checkValEveryNEpoch?: number;
  /** How many held-out batches are tried before training; 0 skips it. @defaultValue 2 */
  readonly numSanityValSteps?: number;
  /** After every how many optimizer steps their metrics go to the loggers. @defaultValue 50 */
  readonly logEveryNSteps?: number;
  /**
   * How many batches' gradients are averaged in one optimizer step; `{ 0: 8, 4: 1 }` says from which epoch on.
   * @defaultValue 1
   */
  readonly accumulateGradBatches?: number | Readonly<Record<number, number>>;
  /** The largest norm, or value, that gradients may have. @defaultValue no limit */
  readonly gradientClipVal?: number;
  /** Whether all gradients together are scaled to a norm, or each number is cut at a value. @defaultValue "norm" */
  readonly gradientClipAlgorithm?: "norm" | "value";
  /** Looks at the result of every operation and names the first that is not finite; slow. @defaultValue false */
  readonly detectAnomaly?: boolean;
  /** Whether progress, a line per epoch and other news are shown; warnings always are. @defaultValue true */
  readonly enableProgressBar?: boolean;
  /**
   * Told of each batch and epoch of a fit, and of each step of a learning-rate search, in place of the lines that are drawn:
   * for notebooks and pages that draw progress themselves. It is not awaited, and what it throws ends the run.
   * @defaultValue lines are drawn
   */
  readonly onProgress?: (event: TrainerProgress) => void;
  /** Whether the module's parts and their sizes are shown before training. @defaultValue true */
  readonly enableModelSummary?: boolean;
  /**
   * `true` saves a checkpoint after each epoch when no callback does, `false` refuses callbacks that would.
   * @defaultValue checkpoints are saved by those callbacks that do
   */
  readonly enableCheckpointing?: boolean;
  /** The folder for whatever is not told another. @defaultValue the current one */
  readonly defaultRootDir?: string;
  /** The seed of shuffles, dropout and all other chance of a run. @defaultValue a new one each time */
  readonly seed?: number;
  /** Called at moments of a run, in this order. @defaultValue none */
  readonly callbacks?: readonly Callback[];
  /** Where metrics and hyperparameters go: one logger or several. @defaultValue none */
  readonly logger?: Logger | readonly Logger[] | false;
  /** Ends a run after the present batch when it is aborted; `fit` then resolves with status `"interrupted"`. */
  readonly signal?: AbortSignal;
}

/** The number of batches of each loop in a dev run; `null` if `fastDevRun` is off. */
export function devRunBatches({ fastDevRun = false }: Pick<TrainerOptions, "fastDevRun">): number | null {
  return fastDevRun === false ? null : Number(fastDevRun);
}

/** How much of the data is read: a number of batches that is not below another, or a fraction. */
function batchLimit(least: number): Validator {
  return {
    expected: `a whole number of batches of at least ${least}, or a fraction between 0 and 1`,
    test: (value) => integerFrom(least).test(value) || (positive.test(value) && Number(value) < 1),
  };
}

const isLogger = (value: unknown): boolean => isObject(value, "logMetrics", "logHyperparams");

/** What the core Trainer's own options must be, where they are given. */
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
    expected: "true, false or a whole number of at least 1",
    test: (value) => flag.test(value) || count.test(value),
  },
  valCheckInterval: batchLimit(1),
  checkValEveryNEpoch: count,
  numSanityValSteps: nonNegativeInteger,
  logEveryNSteps: count,
  accumulateGradBatches: {
    expected: "a whole number of at least 1, or such numbers by the epoch from which they hold",
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

/** Options that only a plug-in understands, and how to get it. */
const plugInOptions: Readonly<Record<string, string>> = {
  autoLrFind:
    "It comes with the finder's mixin: use Trainer from `fulmine`, or withLrFinder(Trainer) from `@fulmine/lr-finder`.",
  accelerator:
    "It comes with the runtime: use Trainer from `fulmine`, or call useAccelerator from `@fulmine/runtime` first.",
};

/**
 * Checks a Trainer's options.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function checkTrainerOptions(options: object, requirements: Validators): void {
  const optionals = Object.entries(requirements).map(([name, one]) => [name, optional(one)] as const);
  checkOptions(options, Object.fromEntries(optionals), undefined, plugInOptions);
}
