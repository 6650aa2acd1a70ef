import { Variable, type DataId, type Tensor } from "@tensorflow/tfjs-core";
import { ResourceData } from "./resourceData.js";
import { WRITTEN, type ResourceValue } from "./resourceNodes.js";
import type { LoadedGraph, RunGraph } from "../graph/loadedGraph.js";
import { idOf, setData, type NativeBackend, type TensorData, type TensorMetadata } from "../nativeBackend.js";

/**
 * The values that TensorFlow keeps for a graph from call to call: weights that steps renew are neither handed over nor
 * back, which on a GPU would copy them.
 *
 * tfjs has them all the same, at any time: the tensors' data is of a kind that fetches the values once it is asked for
 * TensorFlow's number of them. What anybody puts in the place of a value is written back before the next step.
 */
export class ResourceVariables {
  readonly #backend: NativeBackend;
  /** Which of the values steps renew. */
  readonly #renewed: readonly number[];
  readonly #write: RunGraph;
  readonly #read: RunGraph;
  /** What TensorFlow's own values are known to equal: data that stands for them, or the tensors of these numbers. */
  readonly #equals: (ResourceData | number | null)[];
  /** The present values as tensors, by TensorFlow's numbers, once somebody has asked for one of them. */
  #copies: readonly number[] | null = null;

  constructor(backend: NativeBackend, graph: LoadedGraph, values: readonly ResourceValue[]) {
    this.#backend = backend;
    this.#renewed = values.flatMap(({ next }, index) => (next === null ? [] : [index]));
    const names = values.map(({ name }) => name);
    this.#write = graph.part(names, [WRITTEN]);
    this.#read = graph.part(
      [],
      this.#renewed.map((index) => `${names[index] ?? ""}:0`),
    );
    this.#equals = values.map(() => null);
  }

  /** Sees to it, before a step, that TensorFlow's values are those of these tensors. */
  take(tensors: readonly Tensor[]): void {
    if (tensors.every(({ dataId }, index) => this.#isCurrent(dataId, this.#equals[index] ?? null))) return;
    this.letGo();
    const ids = tensors.map((tensor) => idOf(this.#backend, tensor));
    if (ids.every((id, index) => id === this.#equals[index])) return;
    this.#equals.fill(null);
    for (const { id } of this.#write(ids)) this.#backend.binding.deleteTensor(id);
    for (const [index, id] of ids.entries()) this.#equals[index] = id;
  }

  /**
   * Lets the tensors that were taken stand for the values that a step has given them.
   *
   * @returns The tensors that do: those taken, or a new one where another tensor shares the data of one.
   */
  renew(tensors: readonly Tensor[]): readonly Tensor[] {
    this.#deleteCopies();
    if (this.#renewed.every((index) => this.#equals[index] instanceof ResourceData)) return tensors;
    return tensors.map((tensor, index) =>
      this.#renewed.includes(index) ? this.#renew(tensor, index) : tensor,
    );
  }

  /** The present values of those that steps renew, as tensors, which are the caller's to delete. */
  read(): readonly TensorMetadata[] {
    return this.#read([]);
  }

  /** Forgets what TensorFlow's values equal, after a step that is not taken over. */
  forget(): void {
    this.letGo();
    this.#equals.fill(null);
  }

  /** Gives the tensors their values as data of the usual kind, so that they do not depend on the graph any longer. */
  letGo(): void {
    const { tensorMap } = this.#backend;
    for (const [index, data] of this.#equals.entries()) {
      if (!(data instanceof ResourceData)) continue;
      // Where the data is gone from the tensor, its copy has been deleted with it.
      const isPresent = tensorMap.has(data.dataId) && tensorMap.get(data.dataId) === data;
      if (isPresent) setData(this.#backend, data.dataId, data.detached());
      this.#equals[index] = isPresent ? data.id : null;
    }
    this.#copies = null;
  }

  #isCurrent(dataId: DataId, equal: ResourceData | number | null): boolean {
    const data = this.#backend.tensorMap.get(dataId);
    // Who shares the data must keep the value that it has now.
    return equal instanceof ResourceData ? data === equal && data.refCount === 1 : data.id === equal;
  }

  #renew(tensor: Tensor, index: number): Tensor {
    const { binding, tensorMap } = this.#backend;
    const former = tensorMap.get(tensor.dataId);
    const isShared = former.refCount > 1;
    if (!isShared) binding.deleteTensor(former.id);
    const renewed = isShared ? this.#separate(tensor, former) : tensor;
    const data = new ResourceData(renewed.dataId, former, () => this.#copyOf(index));
    setData(this.#backend, renewed.dataId, data);
    this.#equals[index] = data;
    return renewed;
  }

  /** Gives a tensor that shares its data some of its own, or gives a new tensor where it is not a variable. */
  #separate(tensor: Tensor, { shape, dtype }: TensorData): Tensor {
    const fresh = this.#backend.createOutputTensor({ id: NONE, shape: [...shape], dtype });
    if (!(tensor instanceof Variable)) return fresh;
    tensor.assign(fresh);
    fresh.dispose();
    return tensor;
  }

  #copyOf(index: number): number {
    this.#copies ??= this.#read([]).map(({ id }) => id);
    return this.#copies[this.#renewed.indexOf(index)] as number;
  }

  #deleteCopies(): void {
    for (const id of this.#copies ?? []) this.#backend.binding.deleteTensor(id);
    this.#copies = null;
  }
}

/** The number that no tensor has. */
const NONE = -1;
