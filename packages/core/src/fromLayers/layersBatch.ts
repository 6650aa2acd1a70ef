import { expandDims, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import type { NamedTensors } from "../optim/updateRule.js";

/** The inputs or targets of a model: one tensor, several in order, or several by name. */
export type TensorsOf = Tensor | readonly Tensor[] | NamedTensors;

/**
 * A batch for a model of `tf.layers`: `xs` and `ys` as for `model.fitDataset`, or all inputs and outputs by name, as a
 * DataLoader gives them.
 */
export type LayersBatch = { readonly xs: TensorsOf; readonly ys: TensorsOf } | NamedTensors;

/**
 * Checks that a batch tells inputs from targets: a pair, or a tensor alone, would be taken for both.
 *
 * @throws {@link FulmineError} `INVALID_DATA`.
 */
export function requireLabelled(batch: unknown): asserts batch is LayersBatch {
  const isByName = typeof batch === "object" && batch !== null && !Array.isArray(batch) && !isTensor(batch);
  if (isByName) return;
  throw new FulmineError("INVALID_DATA", "A batch for a model of tf.layers must name inputs and targets.", {
    received: batch,
    todo: "Give { xs, ys }, as a DataLoader does.",
  });
}

/**
 * The tensors of a batch for a model's inputs or outputs, in the order of `names`.
 *
 * @param key - Where they are looked for before they are looked for by name.
 * @throws {@link FulmineError} `INVALID_DATA`, naming the input or output that is missing.
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
      todo: `Give \`${key}\` as a tensor, a list or by name; the names are: ${names.join(", ")}.`,
    });
  });
}

/** Like {@link findTensors}; those of rank 1 become columns, as in `model.fit`. */
export function tensorsFor(...given: Parameters<typeof findTensors>): Tensor[] {
  return findTensors(...given).map((tensor) => (tensor.rank === 1 ? expandDims(tensor, 1) : tensor));
}

/** What stands under a name in a batch; a layer may be called as every object's members are. */
function own(batch: unknown, name: string): unknown {
  if (typeof batch !== "object" || batch === null) return undefined;
  return Object.hasOwn(batch, name) || !(name in Object.prototype) ? Reflect.get(batch, name) : undefined;
}
