import type { DataId } from "@tensorflow/tfjs-core";
import type { TensorData } from "../nativeBackend.js";

/** Data of a tensor whose value a graph keeps: where the backend looks for TensorFlow's number of it, it is fetched. */
export class ResourceData implements TensorData {
  readonly dataId: DataId;
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values = null;
  /** How many tensors share it; the backend counts. */
  refCount = 1;
  readonly #fetch: () => number;

  constructor(dataId: DataId, { shape, dtype }: TensorData, fetch: () => number) {
    this.dataId = dataId;
    this.shape = shape;
    this.dtype = dtype;
    this.#fetch = fetch;
  }

  /** TensorFlow's number of a tensor that has the present value. */
  get id(): number {
    return this.#fetch();
  }

  /** The same as data of the usual kind, which keeps the present value. */
  detached(): TensorData {
    const { shape, dtype, values, refCount, id } = this;
    return { shape, dtype, values, refCount, id };
  }
}
