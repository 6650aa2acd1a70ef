import { argMax, cast, equal, greater, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import { StreamingMetric } from "../metrics/streamingMetric.js";
import { layersLosses, type LayersLoss } from "./layersLosses.js";

/** A metric by tfjs's name, as a function of targets and predictions whose mean counts, or one of ours. */
export type MetricChoice = string | LayersLoss | StreamingMetric;

/** Metrics in a list, under their own names, or by a name of yours; each is that of every output. */
export type MetricChoices = readonly (string | LayersLoss)[] | Readonly<Record<string, MetricChoice>>;

/** A metric under the name that it is logged by. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: LayersLoss | StreamingMetric;
}

/** What decides which accuracy `"accuracy"` is. */
export interface OutputKind {
  /** The last dimension of the output. */
  readonly columns: number | null;
  readonly loss: LayersLoss | string;
}

/** A yes or no for each number, as tfjs's `binaryAccuracy`. */
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

const byName: Readonly<Record<string, LayersLoss>> = {
  ...layersLosses,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  mse: layersLosses.meanSquaredError,
  MSE: layersLosses.meanSquaredError,
  mae: layersLosses.meanAbsoluteError,
  MAE: layersLosses.meanAbsoluteError,
};

/**
 * The metrics of an output.
 *
 * `"accuracy"`, `"acc"`, `"crossentropy"` and `"ce"` become what fits the output and its loss, logged as `acc` and `ce`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` when a name is unknown.
 */
export function metricsFor(choices: MetricChoices, output: OutputKind): NamedMetric[] {
  const named: readonly (readonly [string | null, MetricChoice])[] = Array.isArray(choices)
    ? (choices as readonly MetricChoice[]).map((choice) => [null, choice])
    : Object.entries(choices as Readonly<Record<string, MetricChoice>>);
  return named.map(([name, choice]) => toNamed(name, choice, output));
}

function toNamed(name: string | null, choice: MetricChoice, output: OutputKind): NamedMetric {
  if (choice instanceof StreamingMetric) {
    if (name !== null) return { name, metric: choice.fresh() };
    throw new FulmineError("INVALID_OPTION", "A metric object needs a name.", {
      todo: 'Pass `metrics` by name, e.g. { acc: "accuracy", f1: f1() }.',
    });
  }
  if (typeof choice === "function") return { name: name ?? choice.name, metric: choice };
  const [short, full] = resolved(choice, output);
  const metric = Object.hasOwn(byName, full) ? byName[full] : undefined;
  if (metric !== undefined) return { name: name ?? short, metric };
  throw new FulmineError(
    "INVALID_OPTION",
    "`metrics` must hold names of metrics, functions, or metric objects.",
    {
      received: choice,
      todo: `The names are: accuracy, crossentropy, ${Object.keys(byName).join(", ")}. Beside them there are f1(), auroc() and others.`,
    },
  );
}

/** The name that a metric is logged by, and the one it is found by. */
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
