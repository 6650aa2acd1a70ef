import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { isObject } from "../options/validators.js";
import { safely } from "../options/checkOptions.js";

/** A symbolic input or output of a model. */
export interface SymbolicTensorLike {
  readonly shape: readonly (number | null)[];
  readonly sourceLayer: { readonly name: string };
}

/** The part of a `tf.LayersModel` that {@link fromLayers} uses. A Sequential and a functional model both have it. */
export interface LayersModelLike {
  /** The symbolic inputs. */
  readonly inputs: readonly SymbolicTensorLike[];
  /** The symbolic outputs. */
  readonly outputs: readonly SymbolicTensorLike[];
  /** Applies the model to tensors. */
  apply(inputs: Tensor | Tensor[], options?: { readonly training?: boolean }): unknown;
  /** Computes the penalties of the regularizers. */
  calculateLosses(): readonly Tensor[];
}

/**
 * Checks that a value is a model of `tf.layers` that can be trained.
 *
 * @throws FulmineError `INVALID_MODULE` if it is not, or if the model is not built yet.
 */
export function requireLayersModel(model: LayersModelLike): void {
  const given: unknown = model;
  const isModel = safely(
    () => isObject(given, "calculateLosses", "apply") && "trainableWeights" in given && "inputs" in given,
  );
  if (!isModel) {
    throw new FulmineError("INVALID_MODULE", "`fromLayers` takes a model of tf.layers.", {
      received: model,
      todo: "Pass e.g. tf.sequential({ layers: [ … ] }) or tf.model({ inputs, outputs }).",
    });
  }
  if (!Array.isArray(model.outputs) || model.outputs.length === 0) {
    throw new FulmineError("INVALID_MODULE", "The model given to `fromLayers` has no weights yet.", {
      todo: "Give `inputShape` to its first layer.",
    });
  }
  if (new Set(model.outputs).size === model.outputs.length) return;
  // TensorFlow.js computes it only once.
  throw new FulmineError("INVALID_MODULE", "The model given to `fromLayers` has the same output twice.", {
    received: namesOf(model.outputs),
    todo: "List each output once, and return the sum of its losses from one `loss` function.",
  });
}

/** Returns the layer names of inputs or outputs. The `inputNames` and `outputNames` of a Sequential are empty. */
export function namesOf(symbols: readonly SymbolicTensorLike[]): string[] {
  return symbols.map(({ sourceLayer }) => sourceLayer.name);
}

/**
 * Applies a model to its inputs.
 *
 * @returns Its outputs, in the order of {@link LayersModelLike.outputs}.
 * @throws FulmineError `INVALID_DATA` if an input does not have the shape that the model takes.
 */
export function applyModel(model: LayersModelLike, inputs: Tensor[], training: boolean): Tensor[] {
  for (const [at, { shape, sourceLayer }] of model.inputs.entries())
    requireShape(inputs[at], shape, sourceLayer.name);
  const [first] = inputs;
  const outputs = model.apply(inputs.length === 1 && first !== undefined ? first : inputs, { training });
  return (Array.isArray(outputs) ? outputs : [outputs]).filter(isTensor);
}

function requireShape(input: Tensor | undefined, wanted: readonly (number | null)[], name: string): void {
  const given: readonly number[] = input?.shape ?? [];
  if (
    given.length === wanted.length &&
    wanted.every((size, axis) => axis === 0 || size === null || size === given[axis])
  )
    return;
  const sizes = wanted.map((size, axis) => size ?? (axis === 0 ? "examples" : "any")).join(", ");
  throw new FulmineError(
    "INVALID_DATA",
    `The input \`${name}\` of the model must have the shape [${sizes}].`,
    {
      received: given,
      todo: "Reshape the inputs in the data, or give the first layer another `inputShape`.",
    },
  );
}

/** Computes the penalties of a model's regularizers, after the model was applied. */
export function penaltiesOf(model: LayersModelLike): readonly Tensor[] {
  // A Sequential has no penalties itself; the functional model that it wraps has them.
  const inner = "model" in model ? (model.model as LayersModelLike | null | undefined) : undefined;
  return (inner ?? model).calculateLosses();
}
