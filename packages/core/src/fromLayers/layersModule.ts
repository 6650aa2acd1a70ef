import { add, mean, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { StreamingMetric } from "../metrics/streamingMetric.js";
import { Module } from "../module/module.js";
import { isObject } from "../options/validators.js";
import type { OptimizerConfig } from "../module/optimizerConfig.js";
import { requireClassIndices } from "./targets.js";
import { findTensors, requireLabelled, tensorsFor, type LayersBatch } from "./layersBatch.js";
import type { LayersLoss } from "./layersLosses.js";
import { applyModel, namesOf, penaltiesOf, type LayersModelLike } from "./layersModelLike.js";
import type { NamedMetric } from "./metricsFor.js";
import type { OptimizerMaker } from "./optimizerFor.js";

/** The loss and metrics of one output of a model. */
export interface OutputScoring {
  /** The name of the output. */
  readonly name: string;
  readonly loss: LayersLoss;
  readonly metrics: readonly NamedMetric[];
  /** Number of classes if the targets are class indices; `null` if they are not, or if it is unknown. */
  readonly units: number | null;
}

/** The parts of a {@link LayersModule}. */
export interface LayersModuleParts<M extends LayersModelLike> {
  readonly net: M;
  readonly optimizer: OptimizerMaker;
  /** The losses and metrics of its outputs in training, in the order of the outputs. */
  readonly train: readonly OutputScoring[];
  /** The losses and metrics of its outputs in validation. */
  readonly val: readonly OutputScoring[];
}

/** Metrics are logged once per epoch, as in `model.fit`. */
const EPOCH = { onStep: false, onEpoch: true, progBar: true } as const;

/** A module that trains a model of `tf.layers`. Created by {@link fromLayers}. */
export class LayersModule<M extends LayersModelLike = LayersModelLike> extends Module<
  { lr: number },
  LayersBatch
> {
  /** The model. Training updates its weights in place. */
  readonly net: M;
  readonly #parts: LayersModuleParts<M>;

  constructor(hparams: { lr: number }, parts: LayersModuleParts<M>) {
    super(hparams);
    this.net = parts.net;
    this.#parts = parts;
    if (parts.train.every(({ units }) => units === null)) return;
    // Defined only if needed, because an awaited hook costs time at each batch.
    this.onTrainBatchStart = (batch) => this.#checkLabels(batch);
    this.onValidationBatchStart = (batch) => this.#checkLabels(batch);
  }

  trainingStep(batch: LayersBatch): Scalar {
    const losses = this.#score(batch, this.#parts.train, true);
    const loss = total([...losses, ...penaltiesOf(this.net)]);
    this.log("loss", loss, EPOCH);
    return loss;
  }

  /** The loss does not include the penalties of regularizers, as in `model.fit`. */
  override validationStep(batch: LayersBatch): Scalar {
    const loss = total(this.#score(batch, this.#parts.val, false));
    this.log("val_loss", loss, EPOCH);
    return loss;
  }

  /** Returns the outputs for a batch: one tensor, or a list in the order of the model's outputs. */
  override predictStep(batch: LayersBatch): Tensor | Tensor[] {
    const outputs = applyModel(this.net, tensorsFor(batch, "xs", namesOf(this.net.inputs)), false);
    return outputs.length === 1 ? (outputs[0] as Tensor) : [...outputs];
  }

  override isolate(): () => void {
    const streams = streamsOf([...this.#parts.train, ...this.#parts.val]);
    const undo = streams.map(([, metric]) => metric.isolate());
    return () => {
      for (const put of undo) put();
    };
  }

  configureOptimizers(): OptimizerConfig {
    const made: unknown = this.#parts.optimizer({ lr: this.hparams.lr });
    if (isObject(made)) return made as OptimizerConfig;
    throw new FulmineError(
      "INVALID_OPTION",
      "The function `optimizer` of `fromLayers` must return an optimizer.",
      {
        received: made,
        todo: "Pass e.g. ({ lr }) => sgd({ lr, momentum: 0.9 }).",
      },
    );
  }

  override onTrainEpochStart(): void {
    for (const [, metric] of streamsOf(this.#parts.train)) metric.reset();
  }

  override async onTrainEpochEnd(): Promise<void> {
    for (const [name, metric] of streamsOf(this.#parts.train)) this.log(name, await metric.compute(), EPOCH);
  }

  override onValidationEpochStart(): void {
    for (const [, metric] of streamsOf(this.#parts.val)) metric.reset();
  }

  override async onValidationEpochEnd(): Promise<void> {
    for (const [name, metric] of streamsOf(this.#parts.val))
      this.log(`val_${name}`, await metric.compute(), EPOCH);
  }

  async #checkLabels(batch: unknown): Promise<void> {
    requireLabelled(batch);
    const targets = findTensors(batch, "ys", namesOf(this.net.outputs));
    for (const [at, { name, units }] of this.#parts.train.entries())
      if (units !== null) await requireClassIndices(targets[at] as Tensor, units, name);
  }

  /** Returns the loss of each output, and logs the metrics of the batch. */
  #score(batch: LayersBatch, outputs: readonly OutputScoring[], training: boolean): Scalar[] {
    requireLabelled(batch);
    const prefix = training ? "" : "val_";
    const predictions = applyModel(this.net, tensorsFor(batch, "xs", namesOf(this.net.inputs)), training);
    const targets = tensorsFor(batch, "ys", namesOf(this.net.outputs));
    return outputs.map(({ name, loss, metrics }, at) => {
      const [yTrue, yPred] = [targets[at] as Tensor, predictions[at] as Tensor];
      const value = meanOf(loss(yTrue, yPred), "loss");
      if (outputs.length > 1) this.log(`${prefix}${name}_loss`, value, EPOCH);
      for (const { name: metricName, metric } of metrics) {
        if (metric instanceof StreamingMetric) metric.update(yPred, yTrue);
        else this.log(`${prefix}${metricName}`, meanOf(metric(yTrue, yPred), metricName), EPOCH);
      }
      return value;
    });
  }
}

/** Returns the mean of a loss or metric, which may be a user's function. */
function meanOf(given: unknown, name: string): Scalar {
  if (isTensor(given)) return mean<Scalar>(given);
  throw new FulmineError("INVALID_STEP", `The function \`${name}\` of \`fromLayers\` must return a tensor.`, {
    received: given,
    todo: "Return e.g. tf.losses.meanSquaredError(yTrue, yPred). It must not be async.",
  });
}

function total(losses: readonly Tensor[]): Scalar {
  return losses.reduce((sum, loss) => add(sum, loss)) as Scalar;
}

function streamsOf(outputs: readonly OutputScoring[]): [name: string, metric: StreamingMetric][] {
  return outputs.flatMap(({ metrics }) =>
    metrics.flatMap(({ name, metric }) =>
      metric instanceof StreamingMetric ? [[name, metric] as [string, StreamingMetric]] : [],
    ),
  );
}
