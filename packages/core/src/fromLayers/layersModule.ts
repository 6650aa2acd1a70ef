import { add, mean, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { StreamingMetric } from "../metrics/streamingMetric.js";
import { Module } from "../module/module.js";
import { isObject } from "../options/validators.js";
import type { OptimizerConfig } from "../module/optimizerConfig.js";
import { requireClasses } from "./requireClasses.js";
import { findTensors, requireLabelled, tensorsFor, type LayersBatch } from "./layersBatch.js";
import type { LayersLoss } from "./layersLosses.js";
import { applyModel, namesOf, penaltiesOf, type LayersModelLike } from "./layersModelLike.js";
import type { NamedMetric } from "./metricsFor.js";
import type { OptimizerMaker } from "./optimizerFor.js";

/** How one output of a model is scored. */
export interface OutputScoring {
  /** The output's name. */
  readonly name: string;
  readonly loss: LayersLoss;
  readonly metrics: readonly NamedMetric[];
  /** The number of classes where the targets are class numbers, `null` where they are not or it is not known. */
  readonly units: number | null;
}

/** What a {@link LayersModule} is made of. */
export interface LayersModuleParts<M extends LayersModelLike> {
  readonly net: M;
  readonly optimizer: OptimizerMaker;
  /** How its outputs are scored, in their order: while training, and on held-out data. */
  readonly train: readonly OutputScoring[];
  readonly val: readonly OutputScoring[];
}

/** A metric is logged once per epoch, as `model.fit` does. */
const EPOCH = { onStep: false, onEpoch: true, progBar: true } as const;

/** A model of `tf.layers` as a module; made by `fromLayers`. */
export class LayersModule<M extends LayersModelLike = LayersModelLike> extends Module<
  { lr: number },
  LayersBatch
> {
  /** The model itself; its weights are trained in place. */
  readonly net: M;
  readonly #parts: LayersModuleParts<M>;

  constructor(hparams: { lr: number }, parts: LayersModuleParts<M>) {
    super(hparams);
    this.net = parts.net;
    this.#parts = parts;
    if (parts.train.every(({ units }) => units === null)) return;
    // A hook that is not there costs no waiting.
    this.onTrainBatchStart = (batch) => this.#checkLabels(batch);
    this.onValidationBatchStart = (batch) => this.#checkLabels(batch);
  }

  trainingStep(batch: LayersBatch): Scalar {
    const losses = this.#score(batch, this.#parts.train, true);
    const loss = total([...losses, ...penaltiesOf(this.net)]);
    this.log("loss", loss, EPOCH);
    return loss;
  }

  /** Penalties of regularizers do not count here, as in `model.fit`. */
  override validationStep(batch: LayersBatch): Scalar {
    const loss = total(this.#score(batch, this.#parts.val, false));
    this.log("val_loss", loss, EPOCH);
    return loss;
  }

  /** The outputs for a batch: one tensor, or several in the model's order. */
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
      if (units !== null) await requireClasses(targets[at] as Tensor, units, name);
  }

  /** The loss of each output; logs what else is to be known of the batch. */
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

/** The mean of what a loss or metric gave, which may be a function of the user's. */
function meanOf(given: unknown, name: string): Scalar {
  if (isTensor(given)) return mean<Scalar>(given);
  throw new FulmineError("INVALID_STEP", `The function \`${name}\` of \`fromLayers\` must return a tensor.`, {
    received: given,
    todo: "Return e.g. tf.losses.meanSquaredError(yTrue, yPred), without an await.",
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
