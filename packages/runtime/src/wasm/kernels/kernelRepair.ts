import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
  getKernel,
  type DataType,
  type NamedTensorInfoMap,
} from "@tensorflow/tfjs-core";

/** A replacement kernel for tfjs's wasm backend, and the reason for it. */
export interface KernelRepair {
  readonly name: string;
  /** Why tfjs's own kernel does not suffice. A `missing` kernel is registered only as long as tfjs has none. */
  readonly why: "missing" | "slow" | "wrong";
  /** Makes the kernel to register; `stock` is tfjs's own kernel, if it has one. */
  readonly makeKernel: (stock: KernelConfig["kernelFunc"] | null) => KernelConfig["kernelFunc"];
}

/** The inputs of a kernel by name, all of them present. */
export type Given<TInputs> = Readonly<Record<keyof TInputs & string, TensorInfo>>;

/**
 * Makes a kernel from a function that computes its result. The other tensors that the function makes are released
 * afterwards.
 *
 * tfjs passes inputs, attributes and the backend to kernels without types. The type parameters are tfjs's own
 * declarations for the kernel.
 */
export function kernelRepair<TInputs, TAttrs = NamedAttrMap>(
  name: string,
  why: KernelRepair["why"],
  compute: (inputs: Given<TInputs>, attrs: Readonly<TAttrs>, scope: KernelScope) => TensorInfo,
): KernelRepair {
  return {
    name,
    why,
    makeKernel:
      (stock) =>
      ({ inputs, attrs, backend }) => {
        const scope = new KernelScope(backend as Wasm, stock);
        try {
          return scope.keep(compute(inputs as Given<TInputs>, (attrs ?? {}) as Readonly<TAttrs>, scope));
        } finally {
          scope.release();
        }
      },
  };
}

/** The methods of tfjs's wasm backend that the kernels use. */
export type Wasm = Pick<BackendWasm, "makeOutput" | "typedArrayFromHeap" | "disposeData">;

/** The tensors that one run of a kernel makes. At its end all of them except the result are released. */
export class KernelScope {
  readonly #wasm: Wasm;
  readonly #stock: KernelConfig["kernelFunc"] | null;
  readonly #made: TensorInfo[] = [];

  constructor(wasm: Wasm, stock: KernelConfig["kernelFunc"] | null) {
    this.#wasm = wasm;
    this.#stock = stock;
  }

  /** Makes a tensor with uninitialized values. */
  make(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.#add(this.#wasm.makeOutput([...shape], dtype));
  }

  /** Makes a tensor of zeros. */
  makeZeros(shape: readonly number[]): TensorInfo {
    const zeros = this.make(shape);
    this.values(zeros).fill(0);
    return zeros;
  }

  /**
   * Gets a view of a tensor's values in wasm's memory. Making a tensor may move that memory, so get views after all
   * tensors are made.
   */
  values({ dataId, shape, dtype }: TensorInfo): Float32Array | Int32Array | Uint8Array {
    const values: unknown = this.#wasm.typedArrayFromHeap({ dataId, shape, dtype });
    if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) {
      return values;
    }
    throw new TypeError(`The wasm backend can't compute with values of type ${dtype}.`);
  }

  /** Runs another kernel of the wasm backend. */
  run(name: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap = {}): TensorInfo {
    return this.#run(getKernel(name, "wasm").kernelFunc, name, inputs, attrs);
  }

  /** Runs tfjs's own kernel of the same name. */
  runStock(inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo {
    if (this.#stock === null) throw new Error("tfjs's wasm backend has no kernel of this name.");
    return this.#run(this.#stock, "stock", inputs, attrs);
  }

  /** Exempts a tensor from {@link KernelScope.release}. */
  keep(result: TensorInfo): TensorInfo {
    const index = this.#made.findIndex(({ dataId }) => dataId === result.dataId);
    if (index >= 0) this.#made.splice(index, 1);
    return result;
  }

  /** Releases the tensors that the run has made. */
  release(): void {
    for (const { dataId } of this.#made.splice(0)) this.#wasm.disposeData(dataId);
  }

  #run(
    kernel: KernelConfig["kernelFunc"],
    name: string,
    inputs: NamedTensorInfoMap,
    attrs: NamedAttrMap,
  ): TensorInfo {
    const result = kernel({ inputs, attrs, backend: this.#wasm });
    const [first] = Array.isArray(result) ? result : [result];
    if (first === undefined) throw new Error(`The wasm backend's kernel ${name} returned nothing.`);
    return this.#add(first);
  }

  #add(made: TensorInfo): TensorInfo {
    this.#made.push(made);
    return made;
  }
}

/** Gives a tensor another shape without a copy of its values. */
export function reshape({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId, dtype, shape: [...shape] };
}
