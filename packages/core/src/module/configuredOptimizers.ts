import type { Variable } from "@tensorflow/tfjs-core";
import { isTaken, type Claims } from "../ownership/claims.js";
import type { Optimizer } from "../optim/optimizer.js";
import { now, originOf } from "../optim/origin.js";
import type { LrScheduler, RunLength } from "../schedules/lrScheduler.js";
import type { Module } from "./module.js";
import type { ModuleVariables } from "./moduleVariables.js";
import { readOptimizerConfig, type OptimizerConfig } from "./optimizerConfig.js";

/** A module's optimizers and schedulers, attached to its variables. */
export interface ConfiguredOptimizers {
  readonly optimizers: readonly Optimizer[];
  readonly schedulers: readonly LrScheduler[];
}

/** The optimizers retained after their fits, each with the module that it trained. */
const retained = new Map<Optimizer, WeakRef<object>>();

/**
 * Configures the optimizers of a fit: calls `configureOptimizers`, attaches the optimizers to the module's variables, and
 * disposes earlier optimizers that can no longer be used.
 *
 * Optimizers that the call created are retained after the fit, so that their state can be read until the module is trained
 * again.
 *
 * @param claims - The claims of the fit.
 * @param previous - The optimizers of the Trainer's previous fit.
 * @param length - The length of the fit, for its schedules.
 */
export async function configureOptimizers(
  { module, variables }: { readonly module: Configurable; readonly variables: ModuleVariables },
  claims: Claims,
  previous: readonly Optimizer[],
  length?: RunLength,
): Promise<ConfiguredOptimizers> {
  const { config, isOwn } = callConfigureOptimizers(module);
  const configured = await attachOptimizers(config, variables, claims, length);
  const { optimizers } = configured;
  for (const old of previous) if (!optimizers.includes(old)) disposeOptimizer(old);
  disposeStaleOptimizers(module, optimizers);
  for (const optimizer of optimizers) if (isOwn(optimizer)) retained.set(optimizer, new WeakRef(module));
  return configured;
}

type Configurable = Pick<Module, "configureOptimizers">;

/**
 * Calls a module's `configureOptimizers`.
 *
 * @returns Its return value, and a function that tells whether the call created an optimizer that no property of the module
 * refers to. The caller must dispose such an optimizer, because nothing else will.
 */
export function callConfigureOptimizers(module: Configurable): {
  readonly config: OptimizerConfig;
  readonly isOwn: (optimizer: Optimizer) => boolean;
} {
  const start = now();
  const config = module.configureOptimizers();
  const isOwn = (optimizer: Optimizer): boolean => {
    const origin = originOf(optimizer);
    if (origin === undefined || origin.at <= start) return false;
    const held = Object.values(module).flatMap((value: unknown) => [value].flat());
    return !origin.holders.some((holder) => held.includes(holder));
  };
  return { config, isOwn };
}

/** Claims an optimizer, attaches it to variables, and claims the parameters that it trains. */
export function attachOptimizer(optimizer: Optimizer, variables: readonly Variable[], claims: Claims): void {
  claims.take(optimizer, "optimizer");
  optimizer.attach(variables);
  for (const param of optimizer.params) claims.take(param, "variable");
}

/**
 * Attaches the optimizers from `configureOptimizers` to a module's variables and creates their schedulers.
 *
 * @param claims - The claims of the run that trains with them.
 * @param length - The length of that run.
 */
export async function attachOptimizers(
  config: OptimizerConfig,
  variables: ModuleVariables,
  claims: Claims,
  length?: RunLength,
): Promise<ConfiguredOptimizers> {
  const entries = readOptimizerConfig(config);
  for (const { optimizer } of entries) attachOptimizer(optimizer, variables.trainable, claims);
  const schedulers: LrScheduler[] = [];
  for (const { optimizer, schedule, ...timing } of entries) {
    if (schedule === undefined) continue;
    // Loaded on demand, because many runs have no schedule.
    const { LrScheduler } = await import("../schedules/lrScheduler.js");
    schedulers.push(new LrScheduler(optimizer, schedule, timing, length));
  }
  return { optimizers: entries.map(({ optimizer }) => optimizer), schedulers };
}

/** Disposes an optimizer, retained or not. */
export function disposeOptimizer(optimizer: Optimizer): void {
  retained.delete(optimizer);
  optimizer.dispose();
}

/**
 * Disposes the retained optimizers, of any Trainer, that can no longer be used: other optimizers now train their module or
 * their variables, or their variables are disposed.
 *
 * @param current - The optimizers that now train `module`.
 */
function disposeStaleOptimizers(module: object, current: readonly Optimizer[]): void {
  const trained = new Set(current.flatMap(({ params }) => params));
  for (const [optimizer, reference] of retained) {
    if (current.includes(optimizer) || isTaken(optimizer)) continue;
    const { params } = optimizer;
    // A collected module decides nothing here: the number of tensors must not depend on the garbage collector.
    const isStale =
      reference.deref() === module || params.some((param) => param.isDisposed || trained.has(param));
    if (isStale) disposeOptimizer(optimizer);
  }
}
