import { keep, reshape, type Tensor } from "@tensorflow/tfjs-core";

/**
 * Creates a kept tensor that shares the memory of another. Tensors are immutable, so this equals a copy. It reshapes, because
 * `clone` copies the memory on the wasm backend.
 */
export function shared(tensor: Tensor): Tensor {
  return keep(reshape(tensor, tensor.shape));
}
