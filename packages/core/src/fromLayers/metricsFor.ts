import { argMax, cast, equal, greater, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { StreamingMetric } from "../metrics/streamingMetric.js";
import { layersLosses, type LayersLoss } from "./layersLosses.js";
import { requireTargets, takesClassNumbers } from "./requireTargets.js";

/** A metric by tfjs's name, as a function of targets and predictions whose mean counts, or one of ours. */
export type MetricChoice = string | LayersLoss | StreamingMetric;

/** One metric or several, under their own names. */
type UnnamedMetrics = string | LayersLoss | readonly (string | LayersLoss)[];

/**
 * Metrics under their own names, or by a name of yours; each is that of every output. Where the names are those of outputs,
 * what stands under them is that of the one output, as in tfjs.
 */
export type MetricChoices = UnnamedMetrics | Readonly<Record<string, MetricChoice | UnnamedMetrics>>;

/** A metric under the name that it is logged by. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: LayersLoss | StreamingMetric;
  /** Whether it is one by name that takes class numbers. */
  readonly takesClassNumbers?: boolean;
}

/** What decides which accuracy `"accuracy"` is. */
export interface OutputKind {
  /** Its name. */
  readonly output: string;
  /** The names of all outputs. */
  readonly outputs: readonly string[];
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
 * @throws {@link FulmineError} `INVALID_OPTION` when a name is unknown, lacking or there twice.
 */
export function metricsFor(choices: MetricChoices, output: OutputKind): NamedMetric[] {
  const named = entriesOf(choices, output).map(([name, choice]) => toNamed(name, choice, output));
  for (const [at, { name }] of named.entries()) {
    const isTaken = name === "loss" || named.findIndex((other) => other.name === name) !== at;
    if (!isTaken) continue;
    throw new FulmineError("INVALID_OPTION", `\`metrics\` would log two things as \`${name}\`.`, {
      todo: 'Pass `metrics` by names of yours, e.g. { acc: "accuracy", error: myError }.',
    });
  }
  return named;
}

type Entry = readonly [name: string | null, choice: unknown];

/** The metrics of an output with the names that they were given, null for their own. */
function entriesOf(choices: unknown, { output, outputs }: OutputKind): readonly Entry[] {
  if (typeof choices !== "object" || choices === null) return [[null, choices]];
  // Unlike `map`, it passes over no hole.
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
    const metric = Object.hasOwn(byName, full) ? byName[full] : undefined;
    if (metric !== undefined) {
      const checked: LayersLoss = (yTrue, yPred) => {
        requireTargets(full, yTrue, yPred);
        return metric(yTrue, yPred);
      };
      return { name: name ?? short, metric: checked, takesClassNumbers: takesClassNumbers(full) };
    }
  }
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
