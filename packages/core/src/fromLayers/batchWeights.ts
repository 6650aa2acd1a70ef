import { cast, mul, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import type { LayersBatch } from "./layersBatch.js";

/** The property of a batch that holds the weights of its examples. */
const KEY = "sampleWeight";

/** Names that likely mean the weights of the examples, but are not theirs. */
const WEIGHT_LIKE = /^(sample|example|loss)?_?weights?$/i;

/**
 * Finds the example weights of a batch.
 *
 * @param names - The names of the model's inputs and outputs, which are no weights.
 * @param outputNames - The names of the outputs.
 * @returns One tensor per output; `undefined` for an output whose examples all count the same.
 * @throws FulmineError `INVALID_DATA` if the weights are no tensors, or have another name.
 */
export function sampleWeightsOf(
  batch: LayersBatch,
  names: readonly string[],
  outputNames: readonly string[],
): (Tensor | undefined)[] {
  const given: unknown = names.includes(KEY) ? undefined : Reflect.get(batch, KEY);
  if (given === undefined) {
    requireNoOther(batch, names);
    return outputNames.map(() => undefined);
  }
  if (isTensor(given)) return outputNames.map(() => given);
  const each: readonly unknown[] | null = Array.isArray(given)
    ? Array.from(given, (item: unknown) => item)
    : typeof given === "object" && given !== null
      ? outputNames.map((name): unknown =>
          Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined,
        )
      : null;
  const isKnown =
    Array.isArray(given) || Object.keys(given ?? {}).every((name) => outputNames.includes(name));
  if (each?.length === outputNames.length && isKnown && each.every(isTensorOrNone)) return [...each];
  throw new FulmineError(
    "INVALID_DATA",
    `\`${KEY}\` of a batch must be a tensor, or one for each output of the model.`,
    { received: given, todo: `The outputs are: ${outputNames.join(", ")}.` },
  );
}

function isTensorOrNone(value: unknown): value is Tensor | undefined {
  return value === undefined || isTensor(value);
}

/** Weights under another name would be ignored. */
function requireNoOther(batch: LayersBatch, names: readonly string[]): void {
  const odd = Object.keys(batch).find((key) => key !== KEY && WEIGHT_LIKE.test(key) && !names.includes(key));
  if (odd === undefined) return;
  throw new FulmineError("INVALID_DATA", `The field \`${odd}\` of a batch would be ignored.`, {
    todo: `Example weights are called \`${KEY}\`; give another name to anything else.`,
  });
}

/** Multiplies example weights and class weights; either may be missing. */
export function combined(weights: Tensor | undefined, more: Tensor | undefined): Tensor | undefined {
  if (weights === undefined || more === undefined) return weights ?? more;
  return timesWeights(more, weights);
}

/**
 * Multiplies losses by weights. Their mean is then the weighted loss: the sum, divided by the number of examples, as in Keras.
 *
 * @param losses - One value per example, `[n]`, or more, `[n, …]`.
 * @param weights - One weight per example, or one per loss.
 * @throws FulmineError `INVALID_STEP` if the losses are a scalar already; `INVALID_DATA` if the weights have another shape.
 */
export function weightedLosses(losses: Tensor, weights: Tensor): Tensor {
  if (losses.rank === 0) {
    throw new FulmineError("INVALID_STEP", "A loss must have one value per example to be weighted.", {
      received: "a scalar",
      todo: "Return e.g. tf.losses.meanSquaredError(yTrue, yPred, undefined, tf.Reduction.NONE), or tf.mean(…, -1).",
    });
  }
  return timesWeights(losses, weights);
}

/** Multiplies values, `[n]` or `[n, …]`, by one weight per example or one per value. */
function timesWeights(values: Tensor, weights: Tensor): Tensor {
  const [examples = 1, ...others] = values.shape;
  const numbers = cast(weights, "float32");
  if (numbers.size === values.size) return mul(values, reshape(numbers, values.shape));
  if (numbers.size === examples) return mul(values, reshape(numbers, [examples, ...others.map(() => 1)]));
  throw new FulmineError(
    "INVALID_DATA",
    `\`${KEY}\` must have one weight per example, [${examples}], or one per loss, [${values.shape.join(", ")}].`,
    { received: weights.shape },
  );
}
