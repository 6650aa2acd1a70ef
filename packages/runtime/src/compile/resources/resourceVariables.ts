import { Variable, type DataId, type Tensor } from "@tensorflow/tfjs-core";
import { idOf, setData, type NativeBackend, type TensorData } from "../tensorflow/nativeBackend.js";
import type { LoadedGraph, RunGraph } from "../tensorflow/savedModel.js";
import { FREED, isLarge, WRITTEN, type ResourceValue } from "./resourceNodes.js";

/**
 * The resource variables of a graph. They keep weights and slots in TensorFlow between calls, so no step feeds or fetches
 * them, which on a GPU would copy them.
 *
 * tfjs can read the values at any time: the tensors have {@link ResourceData}, which fetches a value on demand. A value
 * that other code changes is written back before the next step.
 */
export class ResourceVariables {
  /** All instances that hold large values in TensorFlow. */
  static readonly #large = new Set<ResourceVariables>();
  readonly #backend: NativeBackend;
  /** The indices of the values that steps update. */
  readonly #updated: readonly number[];
  readonly #write: RunGraph;
  readonly #read: RunGraph;
  /** Replaces large values, which must not stay in memory unused. */
  readonly #free: RunGraph;
  /** The number of large values. */
  readonly #largeCount: number;
  readonly #variables: ReadonlySet<Variable | number>;
  /** For each value, the data or the tensor number that is known to equal it; `null` when nothing is known. */
  readonly #equals: (ResourceData | number | null)[];
  /** TensorFlow's numbers of copies of the updated values; `null` until one of them is read. */
  #copies: readonly number[] | null = null;

  constructor(backend: NativeBackend, graph: LoadedGraph, values: readonly ResourceValue[]) {
    this.#backend = backend;
    this.#updated = values.flatMap(({ next }, index) => (next === null ? [] : [index]));
    const names = values.map(({ name }) => name);
    this.#write = graph.part(names, [WRITTEN]);
    this.#read = graph.part(
      [],
      this.#updated.map((index) => `${names[index] ?? ""}:0`),
    );
    this.#equals = values.map(() => null);
    const large = values.filter(isLarge).map(({ name }) => name);
    this.#largeCount = large.length;
    this.#free = graph.part(large, [FREED]);
    this.#variables = new Set(values.map(({ of }) => of).filter((of) => of instanceof Variable));
  }

  /**
   * Writes the values of these tensors before a step, unless TensorFlow has them already. If the step updates them, other
   * graphs' large values of the same variables are freed: they are about to be out of date.
   */
  prepare(tensors: readonly Tensor[]): void {
    this.#writeStale(tensors);
    if (this.#largeCount > 0) ResourceVariables.#large.add(this);
    if (this.#updated.length === 0) return;
    for (const other of ResourceVariables.#large) {
      const isOfSame = other !== this && [...this.#variables].some((each) => other.#variables.has(each));
      if (isOfSame) other.invalidate();
    }
  }

  #writeStale(tensors: readonly Tensor[]): void {
    if (tensors.every(({ dataId }, index) => this.#isCurrent(dataId, this.#equals[index] ?? null))) return;
    this.detach();
    const ids = tensors.map((tensor) => idOf(this.#backend, tensor));
    if (ids.every((id, index) => id === this.#equals[index])) return;
    this.#equals.fill(null);
    for (const { id } of this.#write(ids)) this.#backend.binding.deleteTensor(id);
    for (const [index, id] of ids.entries()) this.#equals[index] = id;
  }

  /**
   * Links the prepared tensors to the values after a step.
   *
   * @returns The linked tensors. A new tensor replaces one that is no variable and shares its data with another tensor.
   */
  link(tensors: readonly Tensor[]): readonly Tensor[] {
    this.#deleteCopies();
    if (this.#updated.every((index) => this.#equals[index] instanceof ResourceData)) return tensors;
    return tensors.map((tensor, index) =>
      this.#updated.includes(index) ? this.#linkOne(tensor, index) : tensor,
    );
  }

  /** Marks all values as unknown and frees large ones, e.g. after a step whose outcome is not taken over. */
  invalidate(): void {
    this.detach();
    this.#equals.fill(null);
    if (this.#largeCount === 0) return;
    const { binding } = this.#backend;
    const empty = binding.createTensor([0], binding.TF_FLOAT, new Float32Array());
    const done = this.#free(Array.from({ length: this.#largeCount }, () => empty));
    for (const id of [empty, ...done.map(({ id }) => id)]) binding.deleteTensor(id);
  }

  /** Gives the tensors ordinary data with their current values, so that they no longer depend on the graph. */
  detach(): void {
    ResourceVariables.#large.delete(this);
    const { tensorMap } = this.#backend;
    for (const [index, data] of this.#equals.entries()) {
      if (!(data instanceof ResourceData)) continue;
      // If the tensor has other data now, its copy was deleted with the old data.
      const isPresent = tensorMap.has(data.dataId) && tensorMap.get(data.dataId) === data;
      if (isPresent) setData(this.#backend, data.dataId, data.detached());
      this.#equals[index] = isPresent ? data.id : null;
    }
    this.#copies = null;
  }

  #isCurrent(dataId: DataId, equal: ResourceData | number | null): boolean {
    const data = this.#backend.tensorMap.get(dataId);
    // A tensor that shares the data must keep its current value.
    return equal instanceof ResourceData ? data === equal && data.refCount === 1 : data.id === equal;
  }

  #linkOne(tensor: Tensor, index: number): Tensor {
    const { binding, tensorMap } = this.#backend;
    const former = tensorMap.get(tensor.dataId);
    const isShared = former.refCount > 1;
    if (!isShared) binding.deleteTensor(former.id);
    const linked = isShared ? this.#separate(tensor, former) : tensor;
    const data = new ResourceData(linked.dataId, former, () => this.#copyOf(index));
    setData(this.#backend, linked.dataId, data);
    this.#equals[index] = data;
    return linked;
  }

  /** Gives a variable that shares its data its own data; returns a new tensor for any other tensor. */
  #separate(tensor: Tensor, { shape, dtype }: TensorData): Tensor {
    const fresh = this.#backend.createOutputTensor({ id: NONE, shape: [...shape], dtype });
    if (!(tensor instanceof Variable)) return fresh;
    tensor.assign(fresh);
    fresh.dispose();
    return tensor;
  }

  #copyOf(index: number): number {
    this.#copies ??= this.#read([]).map(({ id }) => id);
    return this.#copies[this.#updated.indexOf(index)] as number;
  }

  #deleteCopies(): void {
    for (const id of this.#copies ?? []) this.#backend.binding.deleteTensor(id);
    this.#copies = null;
  }
}

/** A number that no tensor has. */
const NONE = -1;

/** The data of a tensor whose value is in a resource variable; reading {@link ResourceData.id} fetches the value. */
class ResourceData implements TensorData {
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
