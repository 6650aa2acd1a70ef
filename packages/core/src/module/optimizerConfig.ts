import type { Variable } from "@tensorflow/tfjs-core";
import type { ModuleVariables } from "./moduleVariables.js";
import type { Claims } from "../ownership/claims.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { ScheduleRule } from "../schedules/scheduleRule.js";
import type * as Schedules from "./schedules.js";
import { Optimizer } from "../optim/optimizer.js";

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

/** An optimizer with its schedule, where it has one. */
export type OptimizerEntry = Omit<ScheduledOptimizer, "schedule"> & Partial<ScheduledOptimizer>;

/**
 * The optimizers that `configureOptimizers` gave, each with its schedule.
 *
 * @throws {@link FulmineError} `INVALID_MODULE` when it gave no optimizer, or `INVALID_OPTION` for the setting of a
 * schedule.
 */
export async function readOptimizerConfig(config: OptimizerConfig): Promise<readonly OptimizerEntry[]> {
  const entries: readonly unknown[] = Array.isArray(config) && config.length > 0 ? config : [config];
  const read: OptimizerEntry[] = [];
  for (const entry of entries) {
    if (isOptimizer(entry)) read.push({ optimizer: entry });
    else {
      const { readScheduled } = await loadSchedules();
      read.push(readScheduled(entry));
    }
  }
  return read;
}

/** Claims an optimizer, attaches it to variables, and claims the parameters that it trains. */
export function attachOptimizer(optimizer: Optimizer, variables: readonly Variable[], claims: Claims): void {
  claims.take(optimizer, "optimizer");
  optimizer.attach(variables);
  for (const param of optimizer.params) claims.take(param, "variable");
}

/**
 * Attaches what `configureOptimizers` gave to a module's variables.
 *
 * @param claims - What the run owns that trains with them.
 */
export async function attachOptimizers(
  config: OptimizerConfig,
  variables: ModuleVariables,
  claims: Claims,
): Promise<ConfiguredOptimizers> {
  const entries = await readOptimizerConfig(config);
  for (const { optimizer } of entries) attachOptimizer(optimizer, variables.trainable, claims);
  const schedulers: LrScheduler[] = [];
  for (const { optimizer, schedule, ...timing } of entries) {
    if (schedule === undefined) continue;
    const { LrScheduler } = await loadSchedules();
    schedulers.push(new LrScheduler(optimizer, schedule, timing));
  }
  return { optimizers: entries.map(({ optimizer }) => optimizer), schedulers };
}

/** Loads all that a schedule needs, when the first one is found: many runs have none. */
const loadSchedules = (): Promise<typeof Schedules> => import("./schedules.js");

function isOptimizer(entry: unknown): entry is Optimizer {
  return entry instanceof Optimizer;
}
