import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "./isTensor.js";

/** A labeled batch. */
export interface Batch {
  /** The inputs, `[examples, …]`. */
  readonly xs: Tensor;
  /** The targets, `[examples, …]`. */
  readonly ys: Tensor;
}

/** Lists the tensors in a batch, in the order in which its objects and arrays contain them. */
export function tensorsOf(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  forEachLeaf(value, (leaf) => {
    if (isTensor(leaf)) found.push(leaf);
  });
  return found;
}

/** Visits each leaf of a batch; an object that contains itself is visited once. */
function forEachLeaf(value: unknown, visit: (leaf: unknown) => void, outer: readonly object[] = []): void {
  if (isTensor(value) || typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
    visit(value);
    return;
  }
  if (outer.includes(value)) return;
  const within = [...outer, value];
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const child of children) forEachLeaf(child, visit, within);
}

/** Disposes every tensor in a batch. */
export function disposeBatch(value: unknown): void {
  dispose(tensorsOf(value));
}

/** Returns the number of examples in a batch: the first dimension of its first tensor, or 1 without tensors. */
export function batchSizeOf(value: unknown): number {
  return tensorsOf(value)[0]?.shape[0] ?? 1;
}

/**
 * Copies nested plain objects and arrays, and replaces every leaf.
 *
 * @throws FulmineError `INVALID_DATA` if an object contains itself.
 */
export function mapLeaves(
  value: unknown,
  replace: (leaf: unknown) => unknown,
  outer: readonly object[] = [],
): unknown {
  if (isTensor(value) || typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
    return replace(value);
  }
  if (outer.includes(value)) {
    throw new FulmineError("INVALID_DATA", "An object that contains itself can't be copied.", {
      received: value,
      todo: "Pass plain objects and arrays without cycles.",
    });
  }
  const within = [...outer, value];
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, replace, within));
  if (Object.getPrototypeOf(value) !== Object.prototype) return replace(value);
  const parts = Object.entries(value);
  return Object.fromEntries(parts.map(([key, item]) => [key, mapLeaves(item, replace, within)]));
}
