import type { Tensor } from "@tensorflow/tfjs-core";
import { idOf, type NativeBackend } from "../nativeBackend.js";
import { madeValuesOf, type MadeTensor } from "../trace/madeTensor.js";
import type { ValueNumbers } from "../trace/valueNumbers.js";

interface Known {
  readonly values: ArrayBufferView;
  readonly id: number;
}

/** Tensors of at most so many numbers are kept from call to call, for constants of a step are the same at each. */
const SMALL = 16;

/** Hands the values from outside a forward pass to TensorFlow. */
export class FedValues {
  readonly #backend: NativeBackend;
  readonly #numbers: readonly number[];
  /** The tensor that each value was last made into, where it is small. */
  readonly #known: (Known | undefined)[];
  /** The tensors of the present call alone. */
  #temporary: number[] = [];

  /** @param numbers - The values to feed. */
  constructor(backend: NativeBackend, numbers: readonly number[]) {
    this.#backend = backend;
    this.#numbers = numbers;
    this.#known = numbers.map(() => undefined);
  }

  /** TensorFlow's numbers of the values of a call, until {@link FedValues.release}. */
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
    if (known !== undefined && isSame(known.values, values)) return known.id;
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

function isSame(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const [a, b] = [one as Float32Array, other as Float32Array];
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return false;
  return true;
}
