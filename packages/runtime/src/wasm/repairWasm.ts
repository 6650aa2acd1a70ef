import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelBackend,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";

const BACKEND = "wasm";
const NAME = "BatchMatMul";
const repaired = new WeakSet<KernelConfig["kernelFunc"]>();

/**
 * Replaces the wasm backend's matrix product by one that transposes operands first.
 *
 * tfjs's own leaves its fast path as soon as an operand is to be transposed, and every gradient of a dense layer asks
 * for that: training is up to thirteen times faster with this one. To be called after the backend's package is
 * loaded; calling it again changes nothing.
 */
export function repairWasm(): void {
  const product = getKernel(NAME, BACKEND);
  const transpose = getKernel("Transpose", BACKEND);
  // Either is undefined while the backend's package is not loaded, whatever their types say.
  const isLoaded = Boolean(product) && Boolean(transpose);
  if (!isLoaded || repaired.has(product.kernelFunc)) return;

  const kernelFunc: KernelConfig["kernelFunc"] = ({ inputs, backend, attrs }) => {
    const { a, b } = inputs;
    if (a === undefined || b === undefined)
      return product.kernelFunc({ inputs, backend, ...orNothing(attrs) });
    const made: TensorInfo[] = [];
    const turned = (operand: TensorInfo, isTransposed: boolean): TensorInfo => {
      if (!isTransposed) return operand;
      const rank = operand.shape.length;
      const perm = [...operand.shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
      const result = one(transpose.kernelFunc({ inputs: { x: operand }, backend, attrs: { perm } }));
      made.push(result);
      return result;
    };
    try {
      return product.kernelFunc({
        inputs: {
          a: turned(a, attrs?.["transposeA"] === true),
          b: turned(b, attrs?.["transposeB"] === true),
        },
        backend,
        attrs: { transposeA: false, transposeB: false },
      });
    } finally {
      for (const { dataId } of made) if (isKernelBackend(backend)) backend.disposeData(dataId);
    }
  };
  repaired.add(kernelFunc);
  unregisterKernel(NAME, BACKEND);
  registerKernel({ ...product, kernelFunc });
}

function one(result: TensorInfo | TensorInfo[]): TensorInfo {
  const [first] = Array.isArray(result) ? result : [result];
  if (first === undefined) throw new Error("The wasm backend's Transpose gave nothing back.");
  return first;
}

function orNothing<T>(attrs: T | undefined): { attrs?: T } {
  return attrs === undefined ? {} : { attrs };
}

function isKernelBackend(backend: object): backend is KernelBackend {
  return "disposeData" in backend;
}
