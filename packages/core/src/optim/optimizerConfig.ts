import { FulmineError } from "../fulmineError.js";
import type { ModuleVariables } from "../moduleVariables.js";
import { checkOptions } from "../options/checkOptions.js";
import { count, isObject, oneOf, optional, text, type Requirements } from "../options/requirements.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { ScheduleRule } from "../schedules/scheduleRule.js";
import { Optimizer } from "./optimizer.js";

/** An optimizer together with the schedule of its learning rate. */
export interface ScheduledOptimizer {
  readonly optimizer: Optimizer;
  readonly schedule: ScheduleRule;
  /** What the schedule counts: optimizer steps or epochs. @defaultValue "epoch" */
  readonly interval?: "step" | "epoch";
  /** After every how many of these the schedule moves. @defaultValue 1 */
  readonly frequency?: number;
  /** The logged metric that a schedule such as `reduceLrOnPlateau` watches, e.g. `"val_loss"`. */
  readonly monitor?: string;
}

/** What `configureOptimizers` may give: one optimizer or several, each with a schedule or without. */
export type OptimizerConfig = Optimizer | ScheduledOptimizer | readonly (Optimizer | ScheduledOptimizer)[];

/** A module's optimizers and schedules, attached to its variables. */
export interface ConfiguredOptimizers {
  readonly optimizers: readonly Optimizer[];
  readonly schedulers: readonly LrScheduler[];
}

/**
 * The optimizers that `configureOptimizers` gave, each with its schedule.
 *
 * @throws {@link FulmineError} `INVALID_MODULE` when it gave no optimizer, or `INVALID_OPTION` for the setting of a
 * schedule.
 */
export function readOptimizerConfig(
  config: OptimizerConfig,
): readonly (Omit<ScheduledOptimizer, "schedule"> & Partial<ScheduledOptimizer>)[] {
  const entries: readonly unknown[] = Array.isArray(config) ? config : [config];
  const read = entries.map((entry) => {
    if (entry instanceof Optimizer) return { optimizer: entry };
    if (isScheduled(entry)) {
      checkScheduled(entry);
      return entry;
    }
    throw new FulmineError(
      "INVALID_MODULE",
      "`configureOptimizers` must return an optimizer, or a list of them.",
      { received: entry, todo: adviceFor(entry) },
    );
  });
  if (read.length > 0) return read;
  throw new FulmineError("INVALID_MODULE", "`configureOptimizers` must return at least one optimizer.", {
    received: config,
  });
}

/** Attaches a module's optimizers without their schedules, which would begin to move their rates. */
export function attachBare(config: OptimizerConfig, variables: ModuleVariables): readonly Optimizer[] {
  const optimizers = readOptimizerConfig(config).map(({ optimizer }) => optimizer);
  for (const optimizer of optimizers) optimizer.attach(variables.trainable);
  return optimizers;
}

/** Attaches what `configureOptimizers` gave to a module's variables. */
export async function attachOptimizers(
  config: OptimizerConfig,
  variables: ModuleVariables,
): Promise<ConfiguredOptimizers> {
  const entries = readOptimizerConfig(config);
  for (const { optimizer } of entries) optimizer.attach(variables.trainable);
  const schedulers: LrScheduler[] = [];
  for (const { optimizer, schedule, ...timing } of entries) {
    if (schedule === undefined) continue;
    const { LrScheduler } = await import("../schedules/lrScheduler.js");
    schedulers.push(new LrScheduler(optimizer, schedule, timing));
  }
  return { optimizers: entries.map(({ optimizer }) => optimizer), schedulers };
}

function isScheduled(entry: unknown): entry is ScheduledOptimizer {
  return isObject(entry) && "optimizer" in entry && entry.optimizer instanceof Optimizer;
}

function adviceFor(entry: unknown): string {
  const optimizer = isObject(entry) && "optimizer" in entry ? entry.optimizer : entry;
  if (isObject(optimizer, "applyGradients"))
    return "Wrap an optimizer of TensorFlow.js: fromTfjsOptimizer(optimizer).";
  return "Return e.g. adam({ lr: this.hparams.lr }), or { optimizer, schedule }.";
}

const scheduled: Requirements = {
  optimizer: { words: "an optimizer", holds: (value) => value instanceof Optimizer },
  schedule: optional({
    words: "a schedule, e.g. stepLr({ stepSize: 10 })",
    holds: (value) => isObject(value, "next"),
  }),
  interval: optional(oneOf("step", "epoch")),
  frequency: optional(count),
  monitor: optional(text("the name of a logged metric")),
};

function checkScheduled(entry: Partial<ScheduledOptimizer>): void {
  checkOptions(entry, scheduled, "configureOptimizers");
  const { schedule, monitor } = entry;
  if (schedule?.needsMetric !== true || monitor !== undefined) return;
  throw new FulmineError(
    "INVALID_OPTION",
    `\`${schedule.name}\` needs \`monitor\`, the metric to watch, in \`configureOptimizers\`.`,
    { todo: 'Add e.g. { optimizer, schedule, monitor: "val_loss" }.' },
  );
}
