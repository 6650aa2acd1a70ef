import type { HookArgs, HookName } from "./hookArgs.js";
import type { Module } from "./module.js";
import type { Trainer } from "./trainer.js";

/**
 * Something that acts at moments of a run: a class or a plain object with any of Lightning's hooks.
 *
 * Each hook is awaited before the run goes on; see {@link HookArgs} for the moments. What Lightning's `LambdaCallback` is
 * for, a plain object does.
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
    /** The hook; see {@link HookArgs} for its moment and what it is given. */
    hook(trainer: Trainer, module: M, ...args: HookArgs[Name]): void | Promise<void>;
  }["hook"];
} & {
  /** The name under which the state is kept in a checkpoint. @defaultValue the class's name and the callback's place */
  readonly stateKey?: string;
  /**
   * Whether the callback saves checkpoints. Such a callback is called after all others, so that what they did is saved with
   * it, and `enableCheckpointing: false` refuses it.
   * @defaultValue false
   */
  readonly savesCheckpoints?: boolean;
  /** The state to keep in a checkpoint, as plain data. */
  stateDict?(): unknown;
  /** Goes back to a state that `stateDict` gave. */
  loadStateDict?(state: unknown): void;
};
