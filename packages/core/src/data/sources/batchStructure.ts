import { FulmineError } from "../../errors/fulmineError.js";
import { isTensor } from "../../tensors/isTensor.js";

/**
 * The structure of a batch: the shape of a tensor; the parts of an object or array, in the order of its keys; `null` for
 * any other value.
 */
export type BatchStructure =
  | { readonly shape: readonly number[] }
  | { readonly parts: readonly (readonly [key: string, structure: BatchStructure])[] }
  | null;

/** Maximum depth of a batch. A batch that contains itself exceeds it. */
const MAX_DEPTH = 64;

/**
 * Returns the structure of a batch.
 *
 * @throws FulmineError `INVALID_DATA` if the batch contains itself.
 */
export function structureOf(value: unknown, depth = 0): BatchStructure {
  if (isTensor(value)) return { shape: value.shape };
  if (!isContainer(value)) return null;
  if (depth === MAX_DEPTH) {
    throw new FulmineError(
      "INVALID_DATA",
      `A batch contains itself, or is nested more than ${MAX_DEPTH} levels deep.`,
      { todo: "Yield tensors in plain objects and lists, e.g. { xs, ys }." },
    );
  }
  return { parts: Object.keys(value).map((key) => [key, structureOf(value[key], depth + 1)] as const) };
}

/**
 * Tells whether a batch has a structure and none of its tensors is disposed.
 *
 * @param isStrict - Whether the shapes must match too, apart from the first dimension.
 */
export function matchesStructure(value: unknown, structure: BatchStructure, isStrict: boolean): boolean {
  if (isTensor(value)) {
    const shape = structure !== null && "shape" in structure ? structure.shape : null;
    return shape !== null && !value.isDisposed && (!isStrict || sameTrailing(value.shape, shape));
  }
  if (!isContainer(value)) return structure === null;
  if (structure === null || !("parts" in structure)) return false;
  let at = 0;
  for (const key in value) {
    const part = structure.parts[at++];
    if (part?.[0] !== key || !matchesStructure(value[key], part[1], isStrict)) return false;
  }
  return at === structure.parts.length;
}

/** Tells whether two shapes are equal apart from the first dimension. */
export function sameTrailing(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => axis === 0 || length === b[axis]);
}

/** Tells whether a value can contain tensors. */
export function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
