import { FulmineError } from "../errors/fulmineError.js";
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
import { Optimizer } from "../optim/optimizer.js";
import { perhapsSchedule } from "../schedules/scheduleRequirements.js";
import type { OptimizerEntry } from "./optimizerConfig.js";

/**
 * An optimizer with a schedule and its timing, as `configureOptimizers` gave it; loaded when it gave more than optimizers.
 *
 * @throws {@link FulmineError} `INVALID_MODULE` when it is nothing of the kind, or `INVALID_OPTION` or `UNKNOWN_OPTION`,
 * naming the setting.
 */
export function readScheduled(entry: unknown): OptimizerEntry {
  if (!isScheduled(entry)) {
    throw new FulmineError(
      "INVALID_MODULE",
      "`configureOptimizers` must return an optimizer, or a list of them.",
      { received: entry, todo: adviceFor(entry) },
    );
  }
  checkOptions(entry, scheduled, "configureOptimizers");
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

const scheduled: Validators = {
  optimizer: { expected: "an optimizer", test: (value) => value instanceof Optimizer },
  schedule: perhapsSchedule,
  interval: optional(oneOf("step", "epoch")),
  frequency: optional(count),
  monitor: optional(text("the name of a logged metric")),
};
