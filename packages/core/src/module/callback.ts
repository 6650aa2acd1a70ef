import type { HookArgs } from "../hooks/moduleHooks.js";
import type { Module } from "./module.js";
import type { TrainerView } from "./trainerView.js";

/**
 * Code that runs at the hooks of a run: an instance of a class, or a plain object, with any of Lightning's hooks.
 *
 * A hook gets `(trainer, module)` and then the arguments in {@link HookArgs}. It may be async; the run continues after its
 * promise resolves. A plain object replaces Lightning's `LambdaCallback`.
 *
 * @typeParam M - The type of the module that the callback supports.
 * @example
 * ```ts
 * const printer: Callback = {
 *   onTrainEpochEnd(trainer) { console.log(trainer.currentEpoch, trainer.callbackMetrics); },
 * };
 * await new Trainer({ maxEpochs: 5, callbacks: [printer] }).fit(model, { train });
 * ```
 */
export type Callback<M extends Module = Module> = {
  // A method type, because its parameters are bivariant: a callback for one type of module fits in a list for any.
  readonly [Name in keyof HookArgs]?: {
    hook(trainer: TrainerView, module: M, ...args: HookArgs[Name]): void | Promise<void>;
  }["hook"];
} & {
  /** The key of the callback's state in a checkpoint. @defaultValue the name of the class, and the callback's position */
  readonly stateKey?: string;
  /**
   * When the hooks are called. `"monitor"`: after the other callbacks and the module, because it acts on what they logged.
   * `"checkpoint"`: after the monitors, because it saves what they did; `enableCheckpointing: false` rejects it.
   *
   * @defaultValue before the module's hooks
   */
  readonly role?: "monitor" | "checkpoint";
  /**
   * Whether the module has other weights than those of the last step when training ends, because the callback replaces them. A
   * fit may have only one such callback.
   *
   * @defaultValue false
   */
  readonly replacesWeights?: boolean;
  /**
   * Returns texts to show next to the progress, by label. Called after each batch and each epoch. To show a number, log it
   * with `progBar` instead.
   */
  progressColumns?(trainer: TrainerView, module: M): Readonly<Record<string, string>>;
  /** Returns the callback's state for a checkpoint, as plain data. */
  stateDict?(): unknown;
  /** Restores a state from `stateDict`. */
  loadStateDict?(state: unknown): void;
};
