import type { HookArgs, HookName } from "../hooks/hookArgs.js";
import type { Module } from "./module.js";
import type { TrainerView } from "./trainerView.js";

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
    hook(trainer: TrainerView, module: M, ...args: HookArgs[Name]): void | Promise<void>;
  }["hook"];
} & {
  /** The name under which the state is kept in a checkpoint. @defaultValue the class's name and the callback's place */
  readonly stateKey?: string;
  /**
   * What the callback waits for in each hook. A `"monitor"` is called after the others and the module itself, for it acts on
   * what they have logged; one that saves a `"checkpoint"` after the monitors, for it saves what they have done, and
   * `enableCheckpointing: false` refuses it.
   * @defaultValue for nothing: it is called before the module
   */
  readonly role?: "monitor" | "checkpoint";
  /**
   * Texts to show beside the progress, by their labels; asked after each batch and each epoch. Numbers are best logged with
   * `progBar`, which shows them as well.
   */
  progressColumns?(trainer: TrainerView, module: M): Readonly<Record<string, string>>;
  /** The state to keep in a checkpoint, as plain data. */
  stateDict?(): unknown;
  /** Goes back to a state that `stateDict` gave. */
  loadStateDict?(state: unknown): void;
};
