import type { Module } from "./module.js";
import { isTaken } from "../ownership/claims.js";
import type { Optimizer } from "../optim/optimizer.js";
import { now, originOf } from "../optim/origin.js";
import type { OptimizerConfig } from "./optimizerConfig.js";

/**
 * Lets a module configure its optimizers.
 *
 * @returns What it gave, and whether an optimizer was made for this call and is kept by no property of the module: nobody
 * else will free it then.
 */
export function configure(module: Pick<Module, "configureOptimizers">): {
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

/** The optimizers that fits have left behind, by the modules that they trained. */
const left = new Map<Optimizer, WeakRef<object>>();

/** Leaves an optimizer's state for whoever wants to read it after the fit, until its module is trained anew. */
export function leaveBehind(optimizer: Optimizer, module: object): void {
  left.set(optimizer, new WeakRef(module));
}

/** Frees an optimizer for good. */
export function free(optimizer: Optimizer): void {
  left.delete(optimizer);
  optimizer.dispose();
}

/**
 * Frees the optimizers of earlier fits, of any Trainer, that nothing can go on with: those of a module that is, or
 * whose variables are, now trained by others, and those whose variables are gone.
 */
export function freeLeftBehind(module: object, present: readonly Optimizer[]): void {
  const trained = new Set(present.flatMap(({ params }) => params));
  for (const [optimizer, reference] of left) {
    if (present.includes(optimizer) || isTaken(optimizer)) continue;
    const { params } = optimizer;
    // Whether the module has been collected decides nothing: counts of tensors must not depend on that.
    const isOver =
      reference.deref() === module || params.some((param) => param.isDisposed || trained.has(param));
    if (isOver) free(optimizer);
  }
}
