import { expandDims, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import { isTensor } from "../isTensor.js";
import type { NamedTensors } from "../optim/updateRule.js";

/** The inputs or targets of a model: one tensor, several in order, or several by name. */
export type TensorsOf = Tensor | readonly Tensor[] | NamedTensors;

/**
 * A batch for a model of `tf.layers`: `xs` and `ys` as for `model.fitDataset`, or all inputs and outputs by name, as a
 * DataLoader gives them.
 */
export type LayersBatch = { readonly xs: TensorsOf; readonly ys: TensorsOf } | NamedTensors;

/**
 * The tensors of a batch for a model's inputs or outputs, in the order of `names`.
 *
 * Those of rank 1 become columns, as in `model.fit`.
 *
 * @param key - Where they are looked for before they are looked for by name.
 * @throws {@link FulmineError} `INVALID_DATA`, naming the input or output that is missing.
 */
export function tensorsFor(batch: LayersBatch, key: "xs" | "ys", names: readonly string[]): Tensor[] {
  const given: unknown = (batch as Readonly<Record<string, unknown>>)[key] ?? batch;
  const [first] = names;
  const byName: unknown =
    isTensor(given) && first !== undefined && names.length === 1
      ? { [first]: given }
      : Array.isArray(given)
        ? Object.fromEntries(names.map((name, at) => [name, given[at] as unknown]))
        : given;
  return names.map((name) => {
    const tensor = (byName as Readonly<Record<string, unknown>>)[name];
    if (isTensor(tensor)) return tensor.rank === 1 ? expandDims(tensor, 1) : tensor;
    const kind = key === "xs" ? "input" : "output";
    throw new FulmineError("INVALID_DATA", `The batch has no tensor for the model's ${kind} \`${name}\`.`, {
      received: batch,
      todo: `Give \`${key}\` as a tensor, a list or by name; the names are: ${names.join(", ")}.`,
    });
  });
}
