import { FulmineError } from "../../errors/fulmineError.js";

const variable = new WeakSet();

/**
 * Allows the batches of a data source to have different shapes, e.g. if sequences are padded per batch.
 *
 * Without it, all batches of a pass must have the shapes of the first one, apart from the number of examples.
 *
 * @returns The data source itself.
 * @throws FulmineError `INVALID_DATA` if it is no object.
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

/** Tells whether {@link withVariableShapes} was called for a data source. */
export function hasVariableShapes(data: object): boolean {
  return variable.has(data);
}
