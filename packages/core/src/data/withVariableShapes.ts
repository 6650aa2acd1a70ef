import { FulmineError } from "../errors/fulmineError.js";

const variable = new WeakSet();

/**
 * Says that a data source's batches may differ in shape, e.g. because texts are padded batch by batch.
 *
 * Otherwise all batches of a pass must be shaped alike but for the number of examples, and one that is not is an error.
 *
 * @returns The data itself.
 * @throws {@link FulmineError} `INVALID_DATA` when it is no object.
 * @example
 * ```ts
 * await trainer.fit(model, { train: withVariableShapes(sentences) });
 * ```
 */
export function withVariableShapes<D extends object>(data: D): D {
  if (typeof data !== "object" || (data as object | null) === null) {
    throw new FulmineError("INVALID_DATA", "`withVariableShapes` takes a data source.", { received: data });
  }
  variable.add(data);
  return data;
}

/** Whether {@link withVariableShapes} was said of the data. */
export function mayVaryInShape(data: object): boolean {
  return variable.has(data);
}
