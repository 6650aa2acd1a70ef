import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
  getKernel,
  type DataType,
  type NamedTensorInfoMap,
} from "@tensorflow/tfjs-core";

/** A kernel of ours for tfjs's wasm backend, and why it is needed. */
export interface KernelRepair {
  readonly name: string;
  /** One that is `missing` steps back as soon as tfjs brings its own; those that are `slow` or `wrong` replace tfjs's. */
  readonly why: "missing" | "slow" | "wrong";
  /** What to register, given tfjs's own kernel where there is one. */
  readonly makeKernel: (stock: KernelConfig["kernelFunc"] | null) => KernelConfig["kernelFunc"];
}

/** A kernel's inputs, by the names that tfjs's declarations give them: every one of them is there. */
export type Given<TInputs> = Readonly<Record<keyof TInputs & string, TensorInfo>>;

/**
 * Describes a kernel by what it computes; what it makes on the way is released when it is done.
 *
 * tfjs hands every kernel its inputs, attributes and backend untyped; here they get the types that its own
 * declarations give for the kernel's name.
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

/** What the kernels here use of tfjs's wasm backend. */
export type Wasm = Pick<BackendWasm, "makeOutput" | "typedArrayFromHeap" | "disposeData">;

/** What one run of a kernel makes: all of it but the result is released in the end. */
export class KernelScope {
  readonly #wasm: Wasm;
  readonly #stock: KernelConfig["kernelFunc"] | null;
  readonly #made: TensorInfo[] = [];

  constructor(wasm: Wasm, stock: KernelConfig["kernelFunc"] | null) {
    this.#wasm = wasm;
    this.#stock = stock;
  }

  /** A new tensor; what it holds is whatever was in memory. */
  make(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.#add(this.#wasm.makeOutput([...shape], dtype));
  }

  /** A new tensor full of zeros. */
  makeZeros(shape: readonly number[]): TensorInfo {
    const zeros = this.make(shape);
    this.values(zeros).fill(0);
    return zeros;
  }

  /**
   * A tensor's values where they are in wasm's memory. Whatever makes a tensor may move that memory, so take this after
   * all are made.
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

  /** Runs the kernel that tfjs itself has under this name. */
  runStock(inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo {
    if (this.#stock === null) throw new Error("tfjs's wasm backend has no kernel of this name.");
    return this.#run(this.#stock, "stock", inputs, attrs);
  }

  /** Excepts a tensor from what is released. */
  keep(result: TensorInfo): TensorInfo {
    const index = this.#made.findIndex(({ dataId }) => dataId === result.dataId);
    if (index >= 0) this.#made.splice(index, 1);
    return result;
  }

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
    if (first === undefined) throw new Error(`The wasm backend's kernel ${name} gave nothing back.`);
    return this.#add(first);
  }

  #add(made: TensorInfo): TensorInfo {
    this.#made.push(made);
    return made;
  }
}

/** The same values in another shape, without a copy. */
export function reshaped({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId, dtype, shape: [...shape] };
}
