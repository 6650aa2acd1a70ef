import { expandDims, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import type { NamedTensors } from "../optim/updateRule.js";

/** The inputs or targets of a model: one tensor, a list in the order of the layers, or an object by the layers' names. */
export type TensorsOf = Tensor | readonly Tensor[] | NamedTensors;

/**
 * A batch for a model of `tf.layers`: `{ xs, ys }` as for `model.fitDataset`, or all inputs and targets in one object, by the
 * names of the input and output layers. Either may have a `sampleWeight`: one weight per example, `[examples]`, for all outputs,
 * or a list or an object with those of each output.
 */
export type LayersBatch =
  { readonly xs: TensorsOf; readonly ys: TensorsOf; readonly sampleWeight?: TensorsOf } | NamedTensors;

/**
 * Checks that a batch distinguishes inputs from targets. A list or a single tensor would be used as both.
 *
 * @throws FulmineError `INVALID_DATA`.
 */
export function requireLabelled(batch: unknown): asserts batch is LayersBatch {
  const isByName = typeof batch === "object" && batch !== null && !Array.isArray(batch) && !isTensor(batch);
  if (isByName) return;
  throw new FulmineError("INVALID_DATA", "A batch for a model of tf.layers must name inputs and targets.", {
    received: batch,
    todo: "Pass { xs, ys }, as a DataLoader does.",
  });
}

/**
 * Finds the tensors of a batch for a model's inputs or outputs.
 *
 * @param key - The property of the batch to search; if it is missing, the batch itself is searched.
 * @param names - The names of the inputs or outputs.
 * @returns One tensor per name, in their order.
 * @throws FulmineError `INVALID_DATA`, with the name of a missing input or output.
 */
export function findTensors(batch: LayersBatch, key: "xs" | "ys", names: readonly string[]): Tensor[] {
  const given = own(batch, key) ?? batch;
  const listed = isTensor(given) ? [given] : given;
  const kind = key === "xs" ? "input" : "output";
  if (Array.isArray(listed) && listed.length !== names.length) {
    throw new FulmineError(
      "INVALID_DATA",
      `\`${key}\` of the batch must have one tensor for each ${kind} of the model.`,
      { received: listed, todo: `The names are: ${names.join(", ")}.` },
    );
  }
  return names.map((name, at) => {
    const tensor: unknown = Array.isArray(listed) ? listed[at] : own(listed, name);
    if (isTensor(tensor)) return tensor;
    throw new FulmineError("INVALID_DATA", `The batch has no tensor for the model's ${kind} \`${name}\`.`, {
      received: batch,
      todo: `Pass \`${key}\` as a tensor, a list, or an object by name; the names are: ${names.join(", ")}.`,
    });
  });
}

/** Like {@link findTensors}, but expands tensors of shape `[n]` to `[n, 1]`, as `model.fit` does. */
export function tensorsFor(...given: Parameters<typeof findTensors>): Tensor[] {
  return findTensors(...given).map((tensor) => (tensor.rank === 1 ? expandDims(tensor, 1) : tensor));
}

/** Returns the value of a name in a batch. A layer may have the name of a member that every object inherits. */
function own(batch: unknown, name: string): unknown {
  if (typeof batch !== "object" || batch === null) return undefined;
  return Object.hasOwn(batch, name) || !(name in Object.prototype) ? Reflect.get(batch, name) : undefined;
}
