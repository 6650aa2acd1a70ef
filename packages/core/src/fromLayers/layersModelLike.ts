import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { isObject } from "../options/validators.js";
import { safely } from "../options/checkOptions.js";

/** An input or output of a model before there is any data. */
export interface SymbolicLike {
  readonly shape: readonly (number | null)[];
  readonly sourceLayer: { readonly name: string };
}

/** What is needed of a model of `tf.layers`: a Sequential, or one of any inputs and outputs. */
export interface LayersModelLike {
  /** Its inputs and outputs before there is any data. */
  readonly inputs: readonly SymbolicLike[];
  readonly outputs: readonly SymbolicLike[];
  apply(inputs: Tensor | Tensor[], options?: { readonly training?: boolean }): unknown;
  /** The penalties of its regularizers. */
  calculateLosses(): readonly Tensor[];
}

/**
 * Checks that something is a model of `tf.layers` that can be trained.
 *
 * @throws {@link FulmineError} `INVALID_MODULE` when it is none, or does not know its inputs yet.
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
  if (Array.isArray(model.outputs) && model.outputs.length > 0) return;
  throw new FulmineError("INVALID_MODULE", "The model given to `fromLayers` has no weights yet.", {
    todo: "Give `inputShape` to its first layer.",
  });
}

/** The names of inputs or outputs, those of their layers; a Sequential's own lists of names are empty. */
export function namesOf(symbols: readonly SymbolicLike[]): string[] {
  return symbols.map(({ sourceLayer }) => sourceLayer.name);
}

/**
 * The outputs of a model for some inputs, in the order of their names.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when an input is shaped otherwise than the model takes it.
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
  throw new FulmineError("INVALID_DATA", `The input \`${name}\` of the model must be shaped [${sizes}].`, {
    received: given,
    todo: "Reshape the inputs in the data, or give the first layer another `inputShape`.",
  });
}

/** The penalties of a model's regularizers, after it was applied. */
export function penaltiesOf(model: LayersModelLike): readonly Tensor[] {
  // A Sequential knows none itself: it keeps them in the model that it wraps.
  const inner = "model" in model ? (model.model as LayersModelLike | null | undefined) : undefined;
  return (inner ?? model).calculateLosses();
}
