import { FulmineError } from "../fulmineError.js";
import { LrScheduler } from "../schedules/lrScheduler.js";
import type { ScheduleRule } from "../schedules/scheduleRule.js";
import { Optimizer } from "./optimizer.js";
import type { ModuleVariables } from "../moduleVariables.js";

/** An optimizer together with the schedule of its learning rate. */
export interface ScheduledOptimizer {
  readonly optimizer: Optimizer;
  readonly schedule: ScheduleRule;
  /** When the schedule moves. @defaultValue "epoch" */
  readonly interval?: "step" | "epoch";
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
 * @throws {@link FulmineError} `INVALID_MODULE` when it gave no optimizer.
 */
export function readOptimizerConfig(
  config: OptimizerConfig,
): readonly (Omit<ScheduledOptimizer, "schedule"> & Partial<ScheduledOptimizer>)[] {
  const entries: readonly unknown[] = Array.isArray(config) ? config : [config];
  const read = entries.map((entry) => {
    if (entry instanceof Optimizer) return { optimizer: entry };
    if (isScheduled(entry)) return entry;
    throw new FulmineError(
      "INVALID_MODULE",
      "`configureOptimizers` must return an optimizer, or a list of them.",
      {
        received: entry,
        todo: "Return e.g. adam({ lr: this.hparams.lr }), or { optimizer, schedule }.",
      },
    );
  });
  if (read.length > 0) return read;
  throw new FulmineError("INVALID_MODULE", "`configureOptimizers` must return at least one optimizer.", {
    received: config,
  });
}

/** Attaches what `configureOptimizers` gave to a module's variables. */
export function attachOptimizers(config: OptimizerConfig, variables: ModuleVariables): ConfiguredOptimizers {
  const entries = readOptimizerConfig(config);
  for (const { optimizer } of entries) optimizer.attach(variables.trainable);
  return {
    optimizers: entries.map(({ optimizer }) => optimizer),
    schedulers: entries.flatMap(({ optimizer, schedule, interval = "epoch" }) =>
      schedule === undefined ? [] : [new LrScheduler(optimizer, schedule, interval)],
    ),
  };
}

function isScheduled(entry: unknown): entry is ScheduledOptimizer {
  return (
    typeof entry === "object" &&
    entry !== null &&
    "optimizer" in entry &&
    entry.optimizer instanceof Optimizer
  );
}
