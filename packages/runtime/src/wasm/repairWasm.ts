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
 * Gives tfjs's wasm backend the kernels that training needs and it lacks, and replaces those that are slow or wrong.
 *
 * tfjs made it for inference: the gradients of convolutions and embeddings are missing, those of
 * pooling are wrong at times, and those of dense and convolutional layers take up to thirteen times as long as they
 * need to. To be called after the backend's package is loaded; calling it again changes nothing.
 */
export function repairWasm(): void {
  // Nothing is registered while the backend's package is not loaded.
  if (stockOf("BatchMatMul") === null) return;
  for (const { name, why, makeKernel } of repairs) {
    const stock = stockOf(name);
    if (stock !== null && (why === "missing" || registered.has(stock.kernelFunc))) continue;
    const kernelFunc = makeKernel(stock?.kernelFunc ?? null);
    registered.add(kernelFunc);
    if (stock !== null) unregisterKernel(name, "wasm");
    // What tfjs's own kernel sets up is kept: ours may run it.
    registerKernel({ ...stock, kernelName: name, backendName: "wasm", kernelFunc });
  }
}

/** The kernel that is registered under a name. */
function stockOf(name: string): KernelConfig | null {
  // Against its type, `getKernel` gives nothing where there is none.
  return (getKernel as (name: string, backend: string) => KernelConfig | undefined)(name, "wasm") ?? null;
}
