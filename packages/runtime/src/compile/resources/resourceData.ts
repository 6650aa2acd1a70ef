import type { DataId } from "@tensorflow/tfjs-core";
import type { TensorData } from "../nativeBackend.js";

/** The data of a tensor whose value is in a resource variable; reading {@link ResourceData.id} fetches the value. */
export class ResourceData implements TensorData {
  readonly dataId: DataId;
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values = null;
  /** The number of tensors that share the data; the backend updates it. */
  refCount = 1;
  readonly #fetch: () => number;

  constructor(dataId: DataId, { shape, dtype }: TensorData, fetch: () => number) {
    this.dataId = dataId;
    this.shape = shape;
    this.dtype = dtype;
    this.#fetch = fetch;
  }

  /** TensorFlow's number of a tensor with the current value. */
  get id(): number {
    return this.#fetch();
  }

  /** Converts the data to ordinary tensor data with the current value. */
  detached(): TensorData {
    const { shape, dtype, values, refCount, id } = this;
    return { shape, dtype, values, refCount, id };
  }
}
