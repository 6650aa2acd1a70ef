import { getKernel, registerKernel, unregisterKernel, type KernelConfig } from "@tensorflow/tfjs-core";
import { conv2dBackpropFilter } from "./kernels/conv2dBackpropFilter.js";
import { conv2dBackpropInput } from "./kernels/conv2dBackpropInput.js";
import { conv3dBackpropFilter, conv3dBackpropInput } from "./kernels/conv3d.js";
import { depthwiseBackpropFilter, depthwiseBackpropInput } from "./kernels/depthwise.js";
import { explicitPadding } from "./kernels/explicitPadding.js";
import type { KernelRepair } from "./kernels/kernelRepair.js";
import { batchMatMul, einsum } from "./kernels/matrixProducts.js";
import { avgPool3dGrad, avgPoolGrad, maxPool3d, maxPool3dGrad, maxPoolGrad } from "./kernels/pooling.js";
import { sum, unsortedSegmentSum } from "./kernels/reductions.js";
import { tile } from "./kernels/tile.js";

const repairs: readonly KernelRepair[] = [
  avgPool3dGrad,
  avgPoolGrad,
  batchMatMul,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  conv3dBackpropFilter,
  conv3dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  einsum,
  ...explicitPadding,
  maxPool3d,
  maxPool3dGrad,
  maxPoolGrad,
  sum,
  tile,
  unsortedSegmentSum,
];

const registered = new WeakSet<KernelConfig["kernelFunc"]>();

/**
 * Adds the kernels to tfjs's wasm backend that training needs, and replaces kernels that are slow or wrong.
 *
 * tfjs made this backend for inference. It lacks the gradients of convolutions and embeddings. The gradients of pooling are
 * wrong in some cases. The gradients of dense and convolutional layers are up to 13 times slower than necessary.
 *
 * Call it after the backend's package is loaded. Further calls have no effect.
 */
export function repairWasm(): void {
  // The backend's package is not loaded.
  if (registeredKernel("BatchMatMul") === null) return;
  for (const { name, why, makeKernel } of repairs) {
    const stock = registeredKernel(name);
    if (stock !== null && (why === "missing" || registered.has(stock.kernelFunc))) continue;
    const kernelFunc = makeKernel(stock?.kernelFunc ?? null);
    registered.add(kernelFunc);
    if (stock !== null) unregisterKernel(name, "wasm");
    // The setup function of tfjs's own kernel is kept, because our kernel may run that kernel.
    registerKernel({ ...stock, kernelName: name, backendName: "wasm", kernelFunc });
  }
}

/** Gets the registered kernel of a name; `null` when there is none. */
function registeredKernel(name: string): KernelConfig | null {
  // Contrary to its type, `getKernel` returns `undefined` when there is no such kernel.
  return (getKernel as (name: string, backend: string) => KernelConfig | undefined)(name, "wasm") ?? null;
}
