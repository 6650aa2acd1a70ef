import type { Variable } from "@tensorflow/tfjs-core";
import type { Callback } from "../module/callback.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { Stage } from "../data/dataloaders.js";
import type { Module } from "../module/module.js";
import { findVariables } from "../module/moduleVariables.js";
import { readOptions, requireSettings } from "../options/checkOptions.js";
import { count, nonNegativeInteger, flag, oneOf } from "../options/validators.js";
import type { TrainerView } from "../module/trainerView.js";
import { AveragedVariables, type AveragedVariablesState } from "./averagedVariables.js";
import { passesMultiple } from "../run/trainerState.js";

/** The settings of {@link WeightAveraging}. */
export interface WeightAveragingOptions {
  /**
   * Decay of the exponential moving average, from 0 to below 1; `"swa"` for the arithmetic mean (stochastic weight
   * averaging). @defaultValue 0.999
   */
  readonly decay?: number | "swa";
  /** Whether weights are averaged after optimizer steps or after epochs. @defaultValue "step", or "epoch" with `"swa"` */
  readonly interval?: "step" | "epoch";
  /** Number of steps or epochs between two updates of the average. @defaultValue 1 */
  readonly frequency?: number;
  /** First optimizer step that is averaged. @defaultValue 0 */
  readonly startingAtStep?: number;
  /** First epoch that is averaged. @defaultValue 0 */
  readonly startingAtEpoch?: number;
  /** Whether variables that are not trained, such as the moving means of batch normalization, are averaged too. @defaultValue true */
  readonly useBuffers?: boolean;
}

const defaults = { frequency: 1, startingAtStep: 0, startingAtEpoch: 0, useBuffers: true } as const;

const requirements = {
  decay: {
    expected: 'a number from 0 to below 1, or "swa"',
    test: (value: unknown) => value === "swa" || (typeof value === "number" && value >= 0 && value < 1),
  },
  interval: oneOf("step", "epoch"),
  frequency: count,
  startingAtStep: nonNegativeInteger,
  startingAtEpoch: nonNegativeInteger,
  useBuffers: flag,
};

/**
 * Averages a module's weights during training. Validations use the average, and the module keeps it when training ends.
 * Training itself continues with its own weights, also after a checkpoint was loaded. The weights in a checkpoint are the
 * average, as far as there is one, so that a loaded model scores as it was scored.
 *
 * The moving means and variances of batch normalization are averaged with the weights. With `"swa"` that is only an
 * approximation: exact values need another pass over the training data, which this callback does not make.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; when a fit begins `INVALID_CHECKPOINT` when the
 * average in a checkpoint belongs to another module.
 * @example
 * ```ts
 * new Trainer({ callbacks: [new WeightAveraging({ decay: 0.99 })] });
 * ```
 */
export class WeightAveraging implements Callback {
  readonly replacesWeights = true;
  readonly #options: Required<WeightAveragingOptions>;
  readonly #key: string;
  #average: AveragedVariables | null = null;
  /** All variables, in the order in which checkpoints of this fit save them; thawing a layer changes the module's order. */
  #variables: readonly Variable[] = [];
  #saved: AveragedVariablesState | null = null;
  #lastStepSeen = 0;

  constructor(given: WeightAveragingOptions = {}) {
    requireSettings(given, "WeightAveraging");
    const { decay = 0.999 } = given;
    const interval = decay === "swa" ? "epoch" : "step";
    this.#options = readOptions("WeightAveraging", given, { ...defaults, decay, interval }, requirements);
    this.#key = `WeightAveraging ${decay}`;
  }

  setup(_trainer: TrainerView, module: Module, stage: Stage): void {
    this.#saved = null;
    if (stage !== "fit") return;
    const { trainable, all } = findVariables(module);
    this.#variables = all;
    const averaged: readonly Variable[] = this.#options.useBuffers ? all : trainable;
    this.#average = new AveragedVariables(
      averaged.filter(({ dtype }) => dtype === "float32"),
      this.#options.decay,
    );
  }

  onLoadCheckpoint(_trainer: TrainerView, _module: Module, { extra }: Checkpoint): void {
    if (!Object.hasOwn(extra, this.#key)) return;
    const saved = extra[this.#key];
    this.#average?.requireFitting(saved);
    this.#saved = saved as AveragedVariablesState;
  }

  onFitStart(trainer: TrainerView): void {
    if (this.#saved !== null) this.#average?.restore(this.#saved);
    this.#saved = null;
    // A checkpoint may have been made while the average was swapped in.
    this.#average?.swapOut();
    this.#lastStepSeen = trainer.globalStep;
  }

  onTrainBatchEnd(trainer: TrainerView): void {
    this.#updateAfterStep(trainer);
  }

  onValidationStart(trainer: TrainerView): void {
    // The step with the last accumulated gradients may come after the last batch.
    this.#updateAfterStep(trainer);
    this.#average?.swapIn();
  }

  onValidationEnd(): void {
    this.#average?.swapOut();
  }

  onTrainEpochEnd(trainer: TrainerView): void {
    this.#updateAfterStep(trainer);
    const { currentEpoch } = trainer;
    if (this.#options.interval === "epoch") this.#update(trainer, currentEpoch, currentEpoch + 1);
  }

  onTrainEnd(): void {
    this.#average?.swapIn();
  }

  onException(): void {
    this.#average?.swapOut();
  }

  teardown(): void {
    this.#average?.dispose();
    this.#average = null;
    this.#variables = [];
  }

  /** Saves the average as the weights, because validations score it; a resumed fit swaps it out. */
  async onSaveCheckpoint(
    _trainer: TrainerView,
    _module: Module,
    { extra, variables }: Checkpoint,
  ): Promise<void> {
    if (this.#average === null) return;
    const { state, averages } = await this.#average.swappedState();
    extra[this.#key] = state;
    for (const [index, variable] of this.#variables.entries()) {
      const average = averages.get(variable);
      if (average !== undefined) variables[index]?.value.values.set(average);
    }
  }

  #updateAfterStep(trainer: TrainerView): void {
    const [before, { globalStep }] = [this.#lastStepSeen, trainer];
    this.#lastStepSeen = globalStep;
    if (this.#options.interval === "step") this.#update(trainer, before, globalStep);
  }

  /** Updates the average if a multiple of `frequency` lies between `before` and `now`. */
  #update({ globalStep, currentEpoch }: TrainerView, before: number, now: number): void {
    const { frequency, startingAtStep, startingAtEpoch } = this.#options;
    const hasBegun = globalStep >= startingAtStep && currentEpoch >= startingAtEpoch;
    if (hasBegun && passesMultiple(before, now, frequency)) this.#average?.update();
  }
}
