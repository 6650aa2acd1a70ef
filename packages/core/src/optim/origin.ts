import { engine } from "@tensorflow/tfjs-core";

/** When an optimizer was made, as a number between tensor ids, and the objects by which a module may hold it. */
export interface Origin {
  readonly at: number;
  readonly holders: readonly object[];
}

/** A number between the ids of the tensors made before and after this moment. */
export const now = (): number => (engine() as unknown as { nextTensorId(): number }).nextTensorId();

const origins = new WeakMap<object, Origin>();

/** When and how an optimizer was made; `undefined` for one of another copy of the library. */
export function originOf(optimizer: object): Origin | undefined {
  return origins.get(optimizer);
}

/** Records that an optimizer was made just now, or together with the tfjs optimizer that it wraps. */
export function recordOrigin(
  optimizer: object,
  inner?: { readonly object: object; readonly at: number },
): void {
  origins.set(optimizer, {
    at: inner?.at ?? now(),
    holders: inner === undefined ? [optimizer] : [optimizer, inner.object],
  });
}
