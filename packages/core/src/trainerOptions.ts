import * as v from "valibot";
import type { Callback } from "./callback.js";
import { FulmineError } from "./fulmineError.js";
import type { Logger } from "./logging/logger.js";

/** What a Trainer can be told. */
export interface TrainerOptions {
  /** The number of epochs after which training ends. @defaultValue 1000, or no limit when `maxSteps` is given */
  readonly maxEpochs?: number;
  /** The number of optimizer steps after which training ends. @defaultValue no limit */
  readonly maxSteps?: number;
  /** The seed of shuffles, dropout and all other chance of a run. @defaultValue a new one each time */
  readonly seed?: number;
  /** How many batches' gradients are averaged in one optimizer step. @defaultValue 1 */
  readonly accumulateGradBatches?: number;
  /** After every how many optimizer steps their metrics go to the loggers. @defaultValue 50 */
  readonly logEveryNSteps?: number;
  /** Called at moments of a run, in this order. @defaultValue none */
  readonly callbacks?: readonly Callback[];
  /** Where metrics and hyperparameters go: one logger or several. @defaultValue none */
  readonly logger?: Logger | readonly Logger[] | false;
  /** Whether progress and a line per epoch are shown. @defaultValue true */
  readonly enableProgressBar?: boolean;
  /** Ends a run after the present batch when it is aborted; `fit` then resolves with status `"interrupted"`. */
  readonly signal?: AbortSignal;
}

/** How an option is checked, by its name. */
export type OptionEntries = Readonly<Record<string, v.GenericSchema>>;

const whole = (least: number): v.GenericSchema => {
  const message = `must be a whole number of at least ${least}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message));
};

const isObjectWith =
  (...methods: string[]) =>
  (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === "function");

const isLogger = isObjectWith("logMetrics", "logHyperparams");

/** How the core Trainer's own options are checked. */
export const trainerOptionEntries: OptionEntries = {
  maxEpochs: v.optional(whole(1)),
  maxSteps: v.optional(whole(1)),
  seed: v.optional(v.pipe(v.number("must be a whole number"), v.safeInteger("must be a whole number"))),
  accumulateGradBatches: v.optional(whole(1)),
  logEveryNSteps: v.optional(whole(1)),
  callbacks: v.optional(
    v.array(v.custom(isObjectWith(), "must be a list of callbacks"), "must be a list of callbacks"),
  ),
  logger: v.optional(
    v.custom(
      (value) => value === false || isLogger(value) || (Array.isArray(value) && value.every(isLogger)),
      "must be a logger (with `logMetrics` and `logHyperparams`), a list of them, or false",
    ),
  ),
  enableProgressBar: v.optional(v.boolean("must be true or false")),
  signal: v.optional(v.custom((value) => value instanceof AbortSignal, "must be an AbortSignal")),
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
