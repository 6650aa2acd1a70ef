import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "./isTensor.js";

/** A labelled batch: inputs `xs` and targets `ys`, one row each per example. */
export interface Batch {
  readonly xs: Tensor;
  readonly ys: Tensor;
}

/** The tensors in a batch, found in plain objects and arrays, in order. */
export function tensorsOf(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  forEachLeaf(value, (leaf) => {
    if (isTensor(leaf)) found.push(leaf);
  });
  return found;
}

/** Visits what a batch holds, and nothing twice that holds itself. */
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

/** The number of examples in a batch: the first dimension of its first tensor, 1 when there is none. */
export function batchSizeOf(value: unknown): number {
  return tensorsOf(value)[0]?.shape[0] ?? 1;
}

/**
 * Rebuilds a batch, or something like one, of plain objects and arrays with every leaf replaced.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when it holds itself.
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
    throw new FulmineError("INVALID_DATA", "What holds itself can't be copied.", {
      received: value,
      todo: "Pass plain objects and lists that end.",
    });
  }
  const within = [...outer, value];
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, replace, within));
  if (Object.getPrototypeOf(value) !== Object.prototype) return replace(value);
  const parts = Object.entries(value);
  return Object.fromEntries(parts.map(([key, item]) => [key, mapLeaves(item, replace, within)]));
}
