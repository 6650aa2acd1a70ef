import type { Optimizer } from "./optim/optimizer.js";

/** What the Trainer is doing. */
export type Stage = "fit" | "validate";

/**
 * The moments of a run, with what each hook is given.
 *
 * Callbacks get `(trainer, module, ...args)`, a module's own hooks `(...args)`. Callbacks are called first, in the order
 * in which they were given, then the module; each is awaited. The same moments are emitted on `trainer.events`.
 */
export interface HookArgs {
  /** Before anything else of a run. */
  setup: [stage: Stage];
  /** After everything else of a run, whether it succeeded or failed. */
  teardown: [stage: Stage];
  /** When fitting begins; the optimizers are there. */
  onFitStart: [];
  /** When fitting has ended well. */
  onFitEnd: [];
  /** Before the first epoch. */
  onTrainStart: [];
  /** After the last epoch. */
  onTrainEnd: [];
  /** Before each epoch. */
  onTrainEpochStart: [];
  /** After each epoch and its validation. */
  onTrainEpochEnd: [];
  /** Before each training batch. */
  onTrainBatchStart: [batch: unknown, batchIdx: number];
  /** After each training batch, with its loss. */
  onTrainBatchEnd: [outputs: { readonly loss: number }, batch: unknown, batchIdx: number];
  /** Before the gradients of the last step are dropped. */
  onBeforeZeroGrad: [optimizer: Optimizer];
  /** Before the forward and backward pass, which are one in TensorFlow.js. */
  onBeforeBackward: [];
  /** After the forward and backward pass. */
  onAfterBackward: [];
  /** Before an optimizer applies its step. */
  onBeforeOptimizerStep: [optimizer: Optimizer];
  /** Before the held-out data is scored. */
  onValidationStart: [];
  /** After the held-out data was scored. */
  onValidationEnd: [];
  /** Before the pass over the held-out data. */
  onValidationEpochStart: [];
  /** After the pass over the held-out data; its metrics are in `trainer.callbackMetrics`. */
  onValidationEpochEnd: [];
  /** Before each held-out batch. */
  onValidationBatchStart: [batch: unknown, batchIdx: number];
  /** After each held-out batch. */
  onValidationBatchEnd: [batch: unknown, batchIdx: number];
  /** When a run fails; the error is thrown on after it. */
  onException: [error: unknown];
}

/** The name of a hook. */
export type HookName = keyof HookArgs;
