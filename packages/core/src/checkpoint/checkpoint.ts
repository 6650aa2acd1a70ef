import type { Tensor } from "@tensorflow/tfjs-core";
import type { LoaderState } from "../data/batchSource.js";
import type { MetricSnapshot } from "../logging/metricStore.js";
import type { RandomSnapshot } from "../random/randomState.js";
import type { TrainerState } from "../trainerState.js";

/** A tensor's contents outside the backend. */
export interface SavedTensor {
  readonly dtype: Tensor["dtype"];
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Plain data that fits into JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Where a Trainer stood. */
export interface SavedProgress
  extends Pick<TrainerState, "currentEpoch" | "batchIdx" | "phase" | "isValidationPending" | "globalStep" | "shouldStop"> {
  readonly random: RandomSnapshot;
  readonly metrics: MetricSnapshot;
}

/** Everything that a training needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** The version of this form. */
  readonly version: 1;
  /** The module's hyperparameters. */
  readonly hparams: Json;
  /** The variables by their order and name, trainable or not. */
  readonly variables: readonly { readonly name: string; readonly value: SavedTensor }[];
  /** The optimizers' states. */
  readonly optimizers: readonly unknown[];
  /** The schedules' states. */
  readonly schedulers: readonly unknown[];
  /** The loops' counters, metrics and chance. */
  readonly progress: SavedProgress;
  /** Where the training data stood, `null` when its source keeps no such state. */
  readonly train: LoaderState | null;
  /** The callbacks' states by their keys. */
  readonly callbacks: Readonly<Record<string, Json>>;
  /** For modules and callbacks: what they put here in `onSaveCheckpoint` is there again in `onLoadCheckpoint`. */
  readonly extra: Record<string, Json>;
}
