import { add, mean, mul, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { StreamingMetric } from "../metrics/streamingMetric.js";
import { Module } from "../module/module.js";
import { isObject } from "../options/validators.js";
import type { OptimizerConfig } from "../module/optimizerConfig.js";
import { combined, sampleWeightsOf, weightedLosses } from "./batchWeights.js";
import { requireWeightedClasses, weightsOfClasses, type ClassTable } from "./classWeights.js";
import { requireClassIndices } from "./targets.js";
import { findTensors, requireLabelled, tensorsFor, type LayersBatch } from "./layersBatch.js";
import type { LayersLoss } from "./layersLosses.js";
import { PREFIXES } from "./loggedNames.js";
import { applyModel, namesOf, penaltiesOf, type LayersModelLike } from "./layersModelLike.js";
import type { NamedMetric } from "./metricsFor.js";
import type { OptimizerMaker } from "./optimizerFor.js";

/** The loss and metrics of one output of a model. */
export interface OutputScoring {
  /** The name of the output. */
  readonly name: string;
  readonly loss: LayersLoss;
  /** The name of its loss in the log; `null` for the only output, whose loss is the total. */
  readonly lossName: string | null;
  readonly metrics: readonly NamedMetric[];
  /** Number of classes if the targets are class indices; `null` if they are not, or if it is unknown. */
  readonly units: number | null;
  /** The factor of the output's loss in the total loss. */
  readonly lossWeight: number;
  /** The weights of its classes; `null` if all count the same. */
  readonly classes: ClassTable | null;
}

/** What a step is for. */
type Part = keyof typeof PREFIXES;

/** The parts of a {@link LayersModule}. */
export interface LayersModuleParts<M extends LayersModelLike> {
  readonly net: M;
  readonly optimizer: OptimizerMaker;
  /** The losses and metrics of its outputs in training, in the order of the outputs. */
  readonly train: readonly OutputScoring[];
  /** The losses and metrics of its outputs in validation. */
  readonly val: readonly OutputScoring[];
  /** The losses and metrics of its outputs in a test. */
  readonly test: readonly OutputScoring[];
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
    // Defined only if needed, because an awaited hook costs time at each batch.
    if (parts.train.some(hasChecks)) this.onTrainBatchStart = (batch) => this.#checkTargets(batch, "train");
    if (parts.val.some(hasChecks)) this.onValidationBatchStart = (batch) => this.#checkTargets(batch, "val");
    if (parts.test.some(hasChecks)) this.onTestBatchStart = (batch) => this.#checkTargets(batch, "test");
  }

  trainingStep(batch: LayersBatch): Scalar {
    const losses = this.#score(batch, "train");
    const loss = total([...losses, ...penaltiesOf(this.net)]);
    this.log("loss", loss, EPOCH);
    return loss;
  }

  /** The loss does not include the penalties of regularizers, as in `model.fit`. */
  override validationStep(batch: LayersBatch): Scalar {
    const loss = total(this.#score(batch, "val"));
    this.log("val_loss", loss, EPOCH);
    return loss;
  }

  /** Like {@link LayersModule.validationStep}, with the loss and metrics that `model.evaluate` returns. */
  override testStep(batch: LayersBatch): Scalar {
    const loss = total(this.#score(batch, "test"));
    this.log("test_loss", loss, EPOCH);
    return loss;
  }

  /** Returns the outputs for a batch: one tensor, or a list in the order of the model's outputs. */
  override predictStep(batch: LayersBatch): Tensor | Tensor[] {
    const outputs = applyModel(this.net, tensorsFor(batch, "xs", namesOf(this.net.inputs)), false);
    return outputs.length === 1 ? (outputs[0] as Tensor) : [...outputs];
  }

  override isolate(): () => void {
    const streams = PARTS.flatMap((part) => streamsOf(this.#parts[part]));
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
    this.#resetMetrics("train");
  }

  override async onTrainEpochEnd(): Promise<void> {
    await this.#logMetrics("train");
  }

  override onValidationEpochStart(): void {
    this.#resetMetrics("val");
  }

  override async onValidationEpochEnd(): Promise<void> {
    await this.#logMetrics("val");
  }

  override onTestEpochStart(): void {
    this.#resetMetrics("test");
  }

  override async onTestEpochEnd(): Promise<void> {
    await this.#logMetrics("test");
  }

  #resetMetrics(part: Part): void {
    for (const [, metric] of streamsOf(this.#parts[part])) metric.reset();
  }

  async #logMetrics(part: Part): Promise<void> {
    for (const [name, metric] of streamsOf(this.#parts[part]))
      this.log(PREFIXES[part] + name, await metric.compute(), EPOCH);
  }

  async #checkTargets(batch: unknown, part: Part): Promise<void> {
    requireLabelled(batch);
    const targets = findTensors(batch, "ys", namesOf(this.net.outputs));
    const outputs = [...this.#parts[part].entries()];
    for (const [at, { name, units }] of outputs)
      if (units !== null) await requireClassIndices(targets[at] as Tensor, units, name);
    for (const [at, { classes }] of outputs)
      if (classes !== null) await requireWeightedClasses(targets[at] as Tensor, classes);
  }

  /** Returns the loss of each output, times its weight, and logs the metrics of the batch. */
  #score(batch: LayersBatch, part: Part): Tensor[] {
    requireLabelled(batch);
    const [prefix, outputs] = [PREFIXES[part], this.#parts[part]];
    const [inputNames, outputNames] = [namesOf(this.net.inputs), namesOf(this.net.outputs)];
    const predictions = applyModel(this.net, tensorsFor(batch, "xs", inputNames), part === "train");
    const targets = tensorsFor(batch, "ys", outputNames);
    const sampleWeights = sampleWeightsOf(batch, [...inputNames, ...outputNames], outputNames);
    return outputs.map(({ loss, lossName, metrics, classes, lossWeight }, at) => {
      const [yTrue, yPred] = [targets[at] as Tensor, predictions[at] as Tensor];
      const classWeights = classes === null ? undefined : weightsOfClasses(yTrue, classes);
      const weights = combined(sampleWeights[at], classWeights);
      const losses = requireTensor(loss(yTrue, yPred), "loss");
      const value = mean<Scalar>(weights === undefined ? losses : weightedLosses(losses, weights));
      if (lossName !== null) this.log(prefix + lossName, value, EPOCH);
      for (const { name, metric, isWeighted = false } of metrics) {
        if (metric instanceof StreamingMetric) metric.update(yPred, yTrue, isWeighted ? weights : null);
        else this.log(prefix + name, mean(requireTensor(metric(yTrue, yPred), name)), EPOCH);
      }
      return lossWeight === 1 ? value : mul(value, lossWeight);
    });
  }
}

const PARTS: readonly Part[] = ["train", "val", "test"];

/** Whether an output takes only some targets, which are checked before each step. */
function hasChecks({ units, classes }: OutputScoring): boolean {
  return units !== null || classes !== null;
}

/** Returns the result of a loss or metric, which may be a user's function. */
function requireTensor(given: unknown, name: string): Tensor {
  if (isTensor(given)) return given;
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
