import { engine } from "@tensorflow/tfjs-core";

/** When an optimizer was created and the objects by which a module may hold it. */
export interface Origin {
  /** The time of creation, on the scale of {@link now}. */
  readonly at: number;
  readonly holders: readonly object[];
}

/** Gets the current time as a tensor id: tensors created earlier have smaller ids, tensors created later larger ones. */
export const now = (): number => (engine() as unknown as { nextTensorId(): number }).nextTensorId();

const origins = new WeakMap<object, Origin>();

/** Gets the origin of an optimizer; `undefined` for an optimizer of another copy of this package. */
export function originOf(optimizer: object): Origin | undefined {
  return origins.get(optimizer);
}

/**
 * Records the origin of a new optimizer.
 *
 * @param inner - The TensorFlow.js optimizer that it wraps, and when that one was created.
 */
export function recordOrigin(
  optimizer: object,
  inner?: { readonly object: object; readonly at: number },
): void {
  origins.set(optimizer, {
    at: inner?.at ?? now(),
    holders: inner === undefined ? [optimizer] : [optimizer, inner.object],
  });
}
