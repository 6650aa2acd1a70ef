/** The numbers that callbacks of TensorFlow.js are given. */
export type TfjsLogs = Record<string, number>;

/**
 * What a callback of TensorFlow.js shows of itself: a `tf.Callback`, such as `tf.callbacks.earlyStopping` makes, or the plain
 * object that `model.fit` takes.
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
