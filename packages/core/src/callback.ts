import type { HookArgs, HookName } from "./hookArgs.js";
import type { Module } from "./module.js";
import type { Trainer } from "./trainer.js";

/**
 * Something that acts at moments of a run: a class or a plain object with any of Lightning's hooks.
 *
 * Each hook is awaited before the run goes on; see {@link HookArgs} for the moments.
 *
 * @typeParam M - The module that the callback is made for.
 * @example
 * ```ts
 * const printer: Callback = {
 *   onTrainEpochEnd(trainer) { console.log(trainer.currentEpoch, trainer.callbackMetrics); },
 * };
 * ```
 */
export type Callback<M extends Module = Module> = {
  // Written as a method's type so that a callback for one kind of module can stand in a list for any.
  readonly [Name in HookName]?: {
    hook(trainer: Trainer, module: M, ...args: HookArgs[Name]): void | Promise<void>;
  }["hook"];
};
