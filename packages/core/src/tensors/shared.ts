import { keep, reshape, type Tensor } from "@tensorflow/tfjs-core";

/**
 * A kept tensor with the present values of another, in the same memory. Tensors are never written to, so the two are as
 * good as copies; on wasm `clone` would make one, and a reshape does not.
 */
export function shared(tensor: Tensor): Tensor {
  return keep(reshape(tensor, tensor.shape));
}
