import { argMax, cast, equal, greater, reshape, sum, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { StreamingMetric } from "../metrics/streamingMetric.js";
import { totalWeight, weighted, weightsFor } from "../metrics/exampleWeights.js";
import { meanRule } from "../metrics/meanRule.js";
import { layersLosses, type LayersLoss } from "./layersLosses.js";
import { fullLossName, isLossName, lossNames } from "./lossNames.js";
import { requireTargetShape, takesClassIndices } from "./targets.js";

/** A metric: a name, a function of targets and predictions whose mean is logged, or a metric object such as `f1()`. */
export type MetricChoice = string | LayersLoss | StreamingMetric;

/** One or several metrics, logged under their own names. */
export type UnnamedMetrics = string | LayersLoss | readonly (string | LayersLoss)[];

/**
 * The metrics of a model: one or several, logged under their own names, or an object from your own names to metrics. They are
 * computed for every output. If all names of the object are those of outputs, each entry is for that output only.
 */
export type MetricChoices = UnnamedMetrics | Readonly<Record<string, MetricChoice | UnnamedMetrics>>;

/** A metric, and the name under which it is logged. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: LayersLoss | StreamingMetric;
  /** Whether it was chosen by name and takes class indices. */
  readonly takesClassIndices?: boolean;
  /** Whether it reads the weights of the examples. @defaultValue false */
  readonly isWeighted?: boolean;
}

/** An output of a model, and its loss, which determine the meaning of `"accuracy"`. */
export interface OutputKind {
  /** The name of the output. */
  readonly output: string;
  /** The names of all outputs. */
  readonly outputs: readonly string[];
  /** Size of the last dimension of the output; `null` if unknown. */
  readonly columns: number | null;
  /** The loss of the output. */
  readonly loss: LayersLoss | string;
}

/** Compares each number with 0.5, as `tf.metrics.binaryAccuracy` does. */
function binaryAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  return cast(equal(yTrue, cast(greater(yPred, 0.5), yTrue.dtype)), "float32");
}

function categoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  return cast(equal(argMax(yTrue, -1), argMax(yPred, -1)), "float32");
}

function sparseCategoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  const predicted = argMax(yPred, -1);
  return cast(equal(reshape(cast(yTrue, "int32"), predicted.shape), predicted), "float32");
}

const accuracies: Readonly<Record<string, LayersLoss>> = {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
};

const metricNames: readonly string[] = ["accuracy", "crossentropy", ...Object.keys(accuracies), ...lossNames];

/**
 * Finds the metrics of an output.
 *
 * `"accuracy"`, `"acc"`, `"crossentropy"` and `"ce"` become the variant that fits the output and its loss. They are logged as
 * `acc` and `ce`.
 *
 * @throws FulmineError `INVALID_OPTION` if a name is unknown or missing.
 */
export function metricsFor(choices: MetricChoices, output: OutputKind): NamedMetric[] {
  return entriesOf(choices, output).map(([name, choice]) => toNamed(name, choice, output));
}

/** Like {@link metricsFor}, but each metric is a mean that is weighted by the weights of the examples. */
export function weightedMetricsFor(choices: MetricChoices, output: OutputKind): NamedMetric[] {
  return metricsFor(choices, output).map(({ metric, ...named }) => ({
    ...named,
    metric: metric instanceof StreamingMetric ? metric : weightedMean(metric, named.name),
    isWeighted: true,
  }));
}

function weightedMean(metric: LayersLoss, name: string): StreamingMetric {
  return new StreamingMetric(
    meanRule((predictions, targets, given) => {
      const values: Tensor = metric(targets, predictions);
      if (values.rank === 0 && given !== null) {
        throw new FulmineError(
          "INVALID_STEP",
          `The metric \`${name}\` must have one value per example to be weighted.`,
          { received: "a scalar", todo: "Return e.g. tf.mean(…, -1)." },
        );
      }
      const weights = weightsFor(given, values, values.size);
      return [sum(weighted(reshape(values, [-1]), weights)), totalWeight(values.size, weights)];
    }),
  );
}

type Entry = readonly [name: string | null, choice: unknown];

/** Lists the metrics of an output, each with the name that the user gave it; `null` for its own name. */
function entriesOf(choices: unknown, { output, outputs }: OutputKind): readonly Entry[] {
  if (typeof choices !== "object" || choices === null) return [[null, choices]];
  // Unlike `map`, it does not skip holes.
  if (Array.isArray(choices)) return Array.from(choices, (choice: unknown): Entry => [null, choice]);
  if (choices instanceof StreamingMetric) return [[null, choices]];
  const entries: readonly Entry[] = Object.entries(choices);
  const isByOutput = entries.length > 0 && entries.every(([name]) => outputs.includes(name ?? ""));
  if (!isByOutput) return entries;
  return entries.flatMap(([name, own]): Entry[] =>
    name === output ? [own].flat().map((choice: unknown) => [null, choice]) : [],
  );
}

function toNamed(name: string | null, choice: unknown, output: OutputKind): NamedMetric {
  if (choice instanceof StreamingMetric) {
    if (!choice.isNumber) {
      throw new FulmineError("INVALID_OPTION", "A metric whose value is no number can't be logged.", {
        ...(name === null ? {} : { received: name }),
        todo: "Update and compute e.g. a confusion matrix yourself: in a hook, or on batches after the fit.",
      });
    }
    if (name !== null) return { name, metric: choice.fresh() };
    throw new FulmineError("INVALID_OPTION", "A metric object needs a name.", {
      todo: 'Pass `metrics` by name, e.g. { acc: "accuracy", f1: f1() }.',
    });
  }
  if (typeof choice === "function") {
    const own = name ?? choice.name;
    if (own !== "") return { name: own, metric: choice as LayersLoss };
    throw new FulmineError("INVALID_OPTION", "A function without a name can't be logged as a metric.", {
      todo: "Pass `metrics` by name, e.g. { error: (yTrue, yPred) => … }.",
    });
  }
  if (typeof choice === "string") {
    const [short, full] = resolved(choice, output);
    const metric = metricNamed(full);
    if (metric !== undefined) {
      const checked: LayersLoss = (yTrue, yPred) => {
        requireTargetShape(full, yTrue, yPred);
        return metric(yTrue, yPred);
      };
      return { name: name ?? short, metric: checked, takesClassIndices: takesClassIndices(full) };
    }
  }
  throw new FulmineError(
    "INVALID_OPTION",
    "`metrics` must contain names of metrics, functions, or metric objects.",
    {
      received: choice,
      todo: `The names are: ${metricNames.join(", ")}. There are also metric objects: f1(), auroc() and others.`,
    },
  );
}

function metricNamed(name: string): LayersLoss | undefined {
  if (isLossName(name)) return layersLosses[fullLossName(name)];
  return Object.hasOwn(accuracies, name) ? accuracies[name] : undefined;
}

/** Returns the name under which a metric is logged, and its full name. */
function resolved(name: string, { columns, loss }: OutputKind): [short: string, full: string] {
  const isAccuracy = name === "accuracy" || name === "acc";
  if (!isAccuracy && name !== "crossentropy" && name !== "ce") return [name, name];
  const kind =
    columns === 1 || loss === "binaryCrossentropy"
      ? "binary"
      : loss === "sparseCategoricalCrossentropy"
        ? "sparseCategorical"
        : "categorical";
  return isAccuracy ? ["acc", `${kind}Accuracy`] : ["ce", `${kind}Crossentropy`];
}
