import { engine, type DataId, type Tensor } from "@tensorflow/tfjs-core";

/** An attribute of an operation, as tfjs's native backend hands it to TensorFlow. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What TensorFlow says of a tensor that it made. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The calls into TensorFlow that a compiled step needs or is recorded from. Types and attribute types are numbers. */
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

/** Where the backend keeps a tensor's data. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly dtype: number;
  /** The values, as long as TensorFlow has not been given them. */
  readonly values: ArrayBufferView | null;
  readonly id: number;
  /** How many tensors share it. */
  readonly refCount: number;
}

/** The parts that compiled steps use of tfjs's native backend; looked up in version 4.22, where nothing public gives as much. */
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

/** The active backend, when it is the native one and has what is needed; `null` otherwise. */
export function nativeBackend(): NativeBackend | null {
  const { backend } = engine();
  return isNative(backend) ? backend : null;
}

function isNative(backend: object): backend is NativeBackend {
  if (!("binding" in backend && "tensorMap" in backend && "createOutputTensor" in backend)) return false;
  const binding = backend.binding as Partial<NativeBinding> | null;
  return typeof binding?.executeOp === "function" && typeof binding.runSavedModel === "function";
}

/** TensorFlow's number for a tensor's data, which is handed over to TensorFlow first where it has not been yet. */
export function idOf({ binding, tensorMap }: NativeBackend, { dataId }: Tensor): number {
  const data = tensorMap.get(dataId);
  if (data.values === null) return data.id;
  const id = binding.createTensor(data.shape, data.dtype, data.values);
  Object.assign(data, { id, values: null });
  return id;
}

/** Puts other data in the place of a tensor's, which the backend counts as one still. */
export function setData({ tensorMap }: NativeBackend, dataId: DataId, data: TensorData): void {
  tensorMap.delete(dataId);
  tensorMap.set(dataId, data);
}
