import * as v from "valibot";
import type { Callback } from "./callback.js";
import { FulmineError } from "./fulmineError.js";
import type { Logger } from "./logging/logger.js";

/**
 * How much of the data a loop reads: a whole number of batches, or a fraction between 0 and 1 of them. 1 is one batch.
 */
export type BatchLimit = number;

/** A length of time: Lightning's `"DD:HH:MM:SS"`, or its parts. */
export type TimeLimit =
  | string
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number };

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
  /** Whether progress and a line per epoch are shown. @defaultValue true */
  readonly enableProgressBar?: boolean;
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

/** How an option is checked, by its name. */
export type OptionEntries = Readonly<Record<string, v.GenericSchema>>;

const check = (holds: (value: unknown) => boolean, must: string): v.GenericSchema =>
  v.optional(v.custom(holds, must));

const isWhole = (value: unknown, least: number): boolean =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= least;
const whole = (least: number): v.GenericSchema =>
  check((value) => isWhole(value, least), `must be a whole number of at least ${least}`);

const isPositive = (value: unknown): boolean =>
  typeof value === "number" && Number.isFinite(value) && value > 0;
const isLimit = (value: unknown, least: number): boolean =>
  isWhole(value, least) || (isPositive(value) && Number(value) < 1);
const limit = (least: number): v.GenericSchema =>
  check(
    (value) => isLimit(value, least),
    `must be a whole number of batches of at least ${least}, or a fraction between 0 and 1`,
  );

const boolean = check((value) => typeof value === "boolean", "must be true or false");

const isObjectWith =
  (...methods: string[]) =>
  (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === "function");
const isLogger = isObjectWith("logMetrics", "logHyperparams");

const isSchedule = (value: unknown): boolean =>
  isObjectWith()(value) &&
  Object.entries(value as object).every(
    ([epoch, batches]) => isWhole(Number(epoch), 0) && isWhole(batches, 1),
  );

const isTime = (value: unknown): boolean =>
  typeof value === "string"
    ? /^\d+:\d\d:\d\d:\d\d$/.test(value)
    : isObjectWith()(value) &&
      Object.entries(value as object).length > 0 &&
      Object.entries(value as object).every(
        ([part, amount]) =>
          ["days", "hours", "minutes", "seconds"].includes(part) && typeof amount === "number" && amount >= 0,
      );

/** How the core Trainer's own options are checked. */
export const trainerOptionEntries: OptionEntries = {
  maxEpochs: whole(1),
  minEpochs: whole(0),
  maxSteps: whole(1),
  maxTime: check(isTime, 'must be "DD:HH:MM:SS" or an object with days, hours, minutes or seconds'),
  limitTrainBatches: limit(1),
  limitValBatches: limit(0),
  limitTestBatches: limit(1),
  limitPredictBatches: limit(1),
  overfitBatches: limit(1),
  fastDevRun: check(
    (value) => typeof value === "boolean" || isWhole(value, 1),
    "must be true, false or a whole number of at least 1",
  ),
  valCheckInterval: limit(1),
  checkValEveryNEpoch: whole(1),
  numSanityValSteps: whole(0),
  logEveryNSteps: whole(1),
  accumulateGradBatches: check(
    (value) => isWhole(value, 1) || isSchedule(value),
    "must be a whole number of at least 1, or such numbers by the epoch from which they hold",
  ),
  gradientClipVal: check(isPositive, "must be a finite number above 0"),
  gradientClipAlgorithm: check((value) => value === "norm" || value === "value", 'must be "norm" or "value"'),
  detectAnomaly: boolean,
  enableProgressBar: boolean,
  enableModelSummary: boolean,
  enableCheckpointing: boolean,
  defaultRootDir: check((value) => typeof value === "string" && value !== "", "must be the path of a folder"),
  seed: check((value) => Number.isSafeInteger(value), "must be a whole number"),
  callbacks: check(
    (value) => Array.isArray(value) && value.every(isObjectWith()),
    "must be a list of callbacks",
  ),
  logger: check(
    (value) => value === false || isLogger(value) || (Array.isArray(value) && value.every(isLogger)),
    "must be a logger (with `logMetrics` and `logHyperparams`), a list of them, or false",
  ),
  signal: check((value) => value instanceof AbortSignal, "must be an AbortSignal"),
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
export function checkOptions(options: object, entries: OptionEntries): void {
  for (const [name, value] of Object.entries(options)) {
    const schema = entries[name];
    if (schema === undefined) {
      throw new FulmineError("UNKNOWN_OPTION", `This Trainer has no option \`${name}\`.`, {
        received: value,
        todo: plugInOptions[name] ?? `It takes: ${Object.keys(entries).join(", ")}.`,
      });
    }
    const result = v.safeParse(schema, value);
    if (result.success) continue;
    throw new FulmineError("INVALID_OPTION", `\`${name}\` ${result.issues[0].message}.`, { received: value });
  }
}
