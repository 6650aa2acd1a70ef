import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * Applies operations one after the other, and frees each value once the next one is computed.
 *
 * A large model's step needs as much memory as its intermediate values that exist at once.
 *
 * @param first - A value that nothing needs afterwards.
 */
export function chained(first: Tensor, ...operations: readonly ((value: Tensor) => Tensor)[]): Tensor {
  return operations.reduce((value, operation) => {
    const next = operation(value);
    value.dispose();
    return next;
  }, first);
}
