import type { Tensor } from "@tensorflow/tfjs-core";
import { idOf, type NativeBackend } from "../tensorflow/nativeBackend.js";
import { madeValuesOf, type MadeTensor } from "../trace/callLog.js";
import { isSameList } from "../trace/trace.js";
import type { ValueNumbers } from "../trace/valueNumbers.js";

interface Known {
  readonly values: ArrayBufferView;
  readonly id: number;
}

/** Tensors of at most this many elements are kept between calls, because small constants rarely change. */
const SMALL = 16;

/** Passes the values from outside a forward pass to TensorFlow. */
export class FedValues {
  readonly #backend: NativeBackend;
  readonly #numbers: readonly number[];
  /** The tensor last made for each small value. */
  readonly #known: (Known | undefined)[];
  /** The tensors that only the current call uses. */
  #temporary: number[] = [];

  /** @param numbers - The value numbers to feed. */
  constructor(backend: NativeBackend, numbers: readonly number[]) {
    this.#backend = backend;
    this.#numbers = numbers;
    this.#known = numbers.map(() => undefined);
  }

  /** Gets TensorFlow's numbers of a call's values; they are valid until {@link FedValues.release}. */
  take({ tensors }: ValueNumbers): number[] {
    return this.#numbers.map((number, index) => {
      const tensor = tensors[number] as Tensor;
      const made = madeValuesOf(tensor);
      return made === undefined ? idOf(this.#backend, tensor) : this.#idOf(made, index);
    });
  }

  /** Frees the tensors of the call. */
  release(): void {
    for (const id of this.#temporary) this.#backend.binding.deleteTensor(id);
    this.#temporary = [];
  }

  /** Frees everything. */
  dispose(): void {
    for (const known of this.#known) if (known !== undefined) this.#backend.binding.deleteTensor(known.id);
    this.#known.fill(undefined);
  }

  #idOf({ values, shape, dtype }: MadeTensor, index: number): number {
    const { binding } = this.#backend;
    const known = this.#known[index];
    if (known !== undefined && isSameList(known.values as Float32Array, values as Float32Array))
      return known.id;
    const id = binding.createTensor(shape, this.#backend.getDTypeInteger(dtype), values);
    if ((values as Float32Array).length > SMALL) {
      this.#temporary.push(id);
    } else {
      if (known !== undefined) binding.deleteTensor(known.id);
      this.#known[index] = { values, id };
    }
    return id;
  }
}
