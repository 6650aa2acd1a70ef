import type { Callback } from "../module/callback.js";
import { batchSizeOf } from "../tensors/batch.js";
import { FulmineError } from "../errors/fulmineError.js";
import { safely } from "../options/checkOptions.js";
import type { TrainerView } from "../module/trainerView.js";

interface Stoppable {
  stopTraining: boolean;
}

/**
 * Converts a TensorFlow.js callback, so that a fit calls it as `model.fit` does.
 *
 * Its logs contain each metric under its TensorFlow.js name (`loss`, `acc`, `val_loss`, `val_acc`) and under its logged name.
 * Its `model` is the first `tf.LayersModel` among the module's properties, or else an object with only `stopTraining`.
 * `onYield` is called after each batch. `validationData` is not set.
 *
 * @throws FulmineError `INVALID_OPTION` when the argument is not a callback.
 * @example
 * ```ts
 * new Trainer({ callbacks: [fromTfjsCallback(tf.callbacks.earlyStopping({ monitor: "val_acc" }))] });
 * ```
 */
export function fromTfjsCallback(tfjs: TfjsCallback): Callback {
  if (!safely(() => hasHook(tfjs))) {
    throw new FulmineError(
      "INVALID_OPTION",
      "`fromTfjsCallback` takes a tf.Callback or an object of its hooks.",
      {
        received: tfjs,
        todo: "Pass e.g. { onEpochEnd(epoch, logs) { … } }.",
      },
    );
  }
  let model: Stoppable = { stopTraining: false };
  let [sum, examples] = [0, 0];
  const applyStop = (trainer: TrainerView): void => {
    if (model.stopTraining) trainer.stop();
  };
  return {
    role: "monitor",
    async onTrainStart(trainer, module) {
      model = giveModel(tfjs, Object.values(module));
      model.stopTraining = false;
      const {
        maxEpochs: epochs,
        currentEpoch: initialEpoch,
        numTrainingBatches: steps,
        hasValidation,
      } = trainer;
      tfjs.setParams?.({ epochs, initialEpoch, steps: steps ?? -1, verbose: 0, doValidation: hasValidation });
      await tfjs.onTrainBegin?.();
      applyStop(trainer);
    },
    async onTrainEpochStart(trainer) {
      [sum, examples] = [0, 0];
      await tfjs.onEpochBegin?.(trainer.currentEpoch);
      applyStop(trainer);
    },
    async onTrainBatchStart(trainer, _module, value, batch) {
      await tfjs.onBatchBegin?.(batch, { batch, size: batchSizeOf(value) });
      applyStop(trainer);
    },
    async onTrainBatchEnd(trainer, _module, { loss }, value, batch) {
      const size = batchSizeOf(value);
      sum += loss * size;
      examples += size;
      const logs = { batch, size, loss };
      await tfjs.onBatchEnd?.(batch, { ...logs });
      await tfjs.onYield?.(trainer.currentEpoch, batch, { ...logs });
      applyStop(trainer);
    },
    async onTrainEpochEnd(trainer) {
      const loss = examples === 0 ? {} : { loss: sum / examples };
      await tfjs.onEpochEnd?.(trainer.currentEpoch, { ...loss, ...logsOf(trainer.callbackMetrics) });
      applyStop(trainer);
    },
    async onTrainEnd() {
      await tfjs.onTrainEnd?.();
      model.stopTraining = false;
    },
  };
}

/** Whether a value has at least one TensorFlow.js hook, and all its hooks are functions. */
function hasHook(value: unknown): boolean {
  const names = [
    "onTrainBegin",
    "onTrainEnd",
    "onEpochBegin",
    "onEpochEnd",
    "onBatchBegin",
    "onBatchEnd",
    "onYield",
  ];
  return (
    typeof value === "object" &&
    value !== null &&
    names.some((name) => typeof Reflect.get(value, name) === "function") &&
    names.every((name) => ["function", "undefined"].includes(typeof Reflect.get(value, name)))
  );
}

/** Gives the callback a model, on which it may set `stopTraining`. */
function giveModel(tfjs: TfjsCallback, parts: readonly unknown[]): Stoppable {
  const own = parts.find(isLayersModel);
  if (own !== undefined && canBeStopped(own)) {
    tfjs.setModel?.(own as never);
    return own;
  }
  // `setModel` of TensorFlow.js accepts only a LayersModel.
  const standIn = { stopTraining: false };
  if (tfjs.setModel !== undefined) Reflect.set(tfjs, "model", standIn);
  return standIn;
}

function isLayersModel(value: unknown): value is Stoppable {
  return typeof value === "object" && value !== null && "layers" in value && "stopTraining" in value;
}

/**
 * Whether `stopTraining` can be set on a model. A Sequential throws before it is built, that is, before it is compiled or
 * first applied. It can't be built here if its input shape is unknown.
 */
function canBeStopped(model: Stoppable): boolean {
  try {
    if ("built" in model && model.built === false && "build" in model && typeof model.build === "function")
      Reflect.apply(model.build, model, []);
    model.stopTraining = false;
    return true;
  } catch {
    return false;
  }
}

function logsOf(metrics: Readonly<Record<string, number>>): TfjsLogs {
  const renamed = Object.entries(metrics).map(
    ([name, value]) => [name.replace(/^train_/, "").replace(/(^|_)accuracy$/, "$1acc"), value] as const,
  );
  return { ...metrics, ...Object.fromEntries(renamed) };
}

/** The logs that TensorFlow.js callbacks receive. */
export type TfjsLogs = Record<string, number>;

/**
 * A TensorFlow.js callback: a `tf.Callback`, e.g. from `tf.callbacks.earlyStopping`, or a plain object of its hooks, as
 * `model.fit` takes it.
 */
export interface TfjsCallback {
  setParams?(params: Record<string, number | string | boolean>): void;
  setModel?(model: never): void;
  onTrainBegin?(logs?: TfjsLogs): void | Promise<void>;
  onTrainEnd?(logs?: TfjsLogs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs?: TfjsLogs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: TfjsLogs): void | Promise<void>;
  onBatchBegin?(batch: number, logs?: TfjsLogs): void | Promise<void>;
  onBatchEnd?(batch: number, logs?: TfjsLogs): void | Promise<void>;
  onYield?(epoch: number, batch: number, logs: TfjsLogs): void | Promise<void>;
}
