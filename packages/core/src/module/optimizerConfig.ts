import { FulmineError } from "../errors/fulmineError.js";
import { Optimizer } from "../optim/optimizer.js";
import { checkOptions } from "../options/checkOptions.js";
import {
  count,
  isObject,
  isUnwantedPromise,
  oneOf,
  optional,
  text,
  type Validators,
} from "../options/validators.js";
import { optionalSchedule, type ScheduleRule } from "../schedules/scheduleRule.js";

/** An optimizer together with the schedule of its learning rate. */
export interface ScheduledOptimizer {
  /** The optimizer. */
  readonly optimizer: Optimizer;
  /** The schedule of its learning rate, e.g. `stepLr({ stepSize: 10 })`. */
  readonly schedule: ScheduleRule;
  /** Whether the schedule counts optimizer steps or epochs. @defaultValue "epoch" */
  readonly interval?: "step" | "epoch";
  /** Number of intervals between two steps of the schedule. @defaultValue 1 */
  readonly frequency?: number;
  /** The logged metric that a schedule such as `reduceLrOnPlateau` watches, e.g. `"val_loss"`. */
  readonly monitor?: string;
}

/** The return value of `configureOptimizers`: one optimizer or several, each with or without a schedule. */
export type OptimizerConfig = Optimizer | ScheduledOptimizer | readonly (Optimizer | ScheduledOptimizer)[];

/** An optimizer, with its schedule if it has one. */
export type OptimizerEntry = Omit<ScheduledOptimizer, "schedule"> & Partial<ScheduledOptimizer>;

/**
 * Normalizes the return value of `configureOptimizers` to a list.
 *
 * @throws FulmineError `INVALID_MODULE` if it contains anything but optimizers; `INVALID_OPTION` or
 * `UNKNOWN_OPTION` if a setting of a schedule is wrong.
 */
export function readOptimizerConfig(config: OptimizerConfig): readonly OptimizerEntry[] {
  const entries: readonly unknown[] = Array.isArray(config) && config.length > 0 ? config : [config];
  // Unlike `map`, `Array.from` also visits the holes of an array.
  return Array.from(entries, (entry) =>
    entry instanceof Optimizer ? { optimizer: entry } : readScheduled(entry),
  );
}

function readScheduled(entry: unknown): OptimizerEntry {
  if (!isScheduled(entry)) {
    throw new FulmineError(
      "INVALID_MODULE",
      "`configureOptimizers` must return an optimizer, or a list of them.",
      { received: entry, todo: adviceFor(entry) },
    );
  }
  checkOptions(entry, requirements, "configureOptimizers");
  const { schedule, monitor } = entry;
  if (schedule?.needsMetric !== true || monitor !== undefined) return entry;
  throw new FulmineError(
    "INVALID_OPTION",
    `\`${schedule.name}\` needs \`monitor\`, the metric to watch, in \`configureOptimizers\`.`,
    { todo: 'Add e.g. { optimizer, schedule, monitor: "val_loss" }.' },
  );
}

function isScheduled(entry: unknown): entry is OptimizerEntry {
  return isObject(entry) && "optimizer" in entry && entry.optimizer instanceof Optimizer;
}

function adviceFor(entry: unknown): string {
  if (isUnwantedPromise(entry)) return "It must not be async.";
  const optimizer = isObject(entry) && "optimizer" in entry ? entry.optimizer : entry;
  if (isUnwantedPromise(optimizer))
    return "It must not be async: await what it needs in `prepareData` or `setup`.";
  if (isObject(optimizer, "applyGradients"))
    return "Wrap an optimizer of TensorFlow.js: fromTfjsOptimizer(optimizer).";
  return "Return e.g. adam({ lr: this.hparams.lr }), or { optimizer, schedule }.";
}

const requirements: Validators = {
  optimizer: { expected: "an optimizer", test: (value) => value instanceof Optimizer },
  schedule: optionalSchedule,
  interval: optional(oneOf("step", "epoch")),
  frequency: optional(count),
  monitor: optional(text("the name of a logged metric")),
};
