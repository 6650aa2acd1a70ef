import { engine, type DataId, type Tensor } from "@tensorflow/tfjs-core";

/** An attribute of an operation, as tfjs's native backend passes it to TensorFlow. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** TensorFlow's description of a tensor that it made. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The calls into TensorFlow that compiled steps use or record. Types and attribute types are numbers. */
export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): TensorMetadata[];
}

/** A tensor's data in the backend. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly dtype: number;
  /** The values in JavaScript; `null` once TensorFlow has them. */
  readonly values: ArrayBufferView | null;
  /** TensorFlow's number of the tensor. */
  readonly id: number;
  /** The number of tensors that share the data. */
  readonly refCount: number;
}

/** The internals of tfjs's native backend that compiled steps use, as of version 4.22; no public API offers them. */
export interface NativeBackend {
  binding: NativeBinding;
  readSync(dataId: DataId): unknown;
  readonly tensorMap: {
    has(dataId: DataId): boolean;
    get(dataId: DataId): TensorData;
    set(dataId: DataId, data: TensorData): void;
    delete(dataId: DataId): void;
  };
  createOutputTensor(metadata: TensorMetadata): Tensor;
  /** TensorFlow's number of a type. */
  getDTypeInteger(dtype: Tensor["dtype"]): number;
}

/** Gets the active backend if it is the native one and has the internals; otherwise `null`. */
export function nativeBackend(): NativeBackend | null {
  const { backend } = engine();
  return isNative(backend) ? backend : null;
}

function isNative(backend: object): backend is NativeBackend {
  if (!("binding" in backend && "tensorMap" in backend && "createOutputTensor" in backend)) return false;
  const binding = backend.binding as Partial<NativeBinding> | null;
  return typeof binding?.executeOp === "function" && typeof binding.runSavedModel === "function";
}

/** Gets TensorFlow's number of a tensor's data; passes the data to TensorFlow first if needed. */
export function idOf({ binding, tensorMap }: NativeBackend, { dataId }: Tensor): number {
  const data = tensorMap.get(dataId);
  if (data.values === null) return data.id;
  const id = binding.createTensor(data.shape, data.dtype, data.values);
  Object.assign(data, { id, values: null });
  return id;
}

/** Replaces a tensor's data; the backend's count of data stays the same. */
export function setData({ tensorMap }: NativeBackend, dataId: DataId, data: TensorData): void {
  tensorMap.delete(dataId);
  tensorMap.set(dataId, data);
}
