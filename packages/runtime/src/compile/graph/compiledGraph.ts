import type { StepFunction } from "@fulmine/core";
import { Variable, type Tensor } from "@tensorflow/tfjs-core";
import { isSameList } from "../isSameList.js";
import { idOf, type NativeBackend, type TensorMetadata } from "../nativeBackend.js";
import { DONE } from "../resources/resourceNodes.js";
import { ResourceVariables } from "../resources/resourceVariables.js";
import { adopt } from "../trace/callLog.js";
import type { ValueNumbers } from "../trace/valueNumbers.js";
import { FedValues } from "./fedValues.js";
import type { StepGraph } from "./graphBuilder.js";
import { loadGraph, type LoadedGraph, type RunGraph } from "./loadedGraph.js";

/** The parts of a call that a graph needs. */
export type GraphCall = Pick<StepFunction<unknown>, "inputs" | "donated" | "scalars">;

/** The outcome of a graph that is compared and not taken over. */
export interface GraphPreview {
  /**
   * Compares the outcome, bit for bit, with that of the same step run eagerly.
   *
   * @param results - The step's tensors.
   * @param values - The values of its forward pass; their tensors must have data.
   * @returns What differs; `null` when nothing does.
   */
  differenceFrom(results: readonly Tensor[], values: ValueNumbers): string | null;
  /** Frees the outcome. */
  dispose(): void;
}

/** A step that TensorFlow runs in one call. */
export class CompiledGraph {
  readonly #backend: NativeBackend;
  readonly #graph: StepGraph;
  readonly #loaded: LoadedGraph;
  readonly #step: RunGraph;
  readonly #resources: ResourceVariables;
  readonly #fed: FedValues;
  /** TensorFlow's numbers of the constants to feed. */
  readonly #constants: readonly number[];
  /** The fetches that have more than one use. */
  readonly #shared: ReadonlySet<number>;

  /** @param isSmall - See {@link loadGraph}. */
  constructor(backend: NativeBackend, graph: StepGraph, isSmall: boolean) {
    this.#graph = graph;
    this.#backend = backend;
    const { binding } = backend;
    const { bytes, fetches, numbers, constants, resources } = graph;
    this.#loaded = loadGraph(binding, bytes, isSmall);
    const isUpdating = resources.some(({ next }) => next !== null);
    this.#step = this.#loaded.part(feedNames(graph), isUpdating ? [...fetches, DONE] : fetches);
    this.#resources = new ResourceVariables(backend, this.#loaded, resources);
    this.#fed = new FedValues(backend, graph.fed);
    const fed = constants.map(({ shape, dtype, values }) => binding.createTensor(shape, dtype, values));
    if (numbers.length > 0) fed.unshift(binding.createTensor([numbers.length], binding.TF_FLOAT, numbers));
    this.#constants = fed;
    const uses = [graph.results, graph.assigned.map(secondOf), graph.kept.map(secondOf)].flat();
    this.#shared = new Set(
      uses.flatMap((fetch, index) => (uses.indexOf(fetch) < index ? (fetch ?? []) : [])),
    );
  }

  /** Runs the graph. This updates its resource variables, so the caller must take over the outcome. */
  run(call: GraphCall, values: ValueNumbers): readonly TensorMetadata[] {
    this.#resources.take(this.#resourcesOf(call));
    return this.#run(call, values);
  }

  /** Takes over the outcome: variables, donated and kept tensors get their values. Returns the step's results. */
  takeOver(call: GraphCall, values: ValueNumbers, outputs: readonly TensorMetadata[]): Tensor[] {
    const { assigned, results, resources, kept } = this.#graph;
    const tensors: Tensor[] = [];
    for (const [index, tensor] of this.#resources.renew(this.#resourcesOf(call)).entries()) {
      const result = resources[index]?.next?.result ?? null;
      if (result !== null) tensors[result] = tensor;
    }
    const shared = new Map<number, Tensor>();
    const tensorOf = (fetch: number): Tensor => {
      const tensor = shared.get(fetch) ?? this.#backend.createOutputTensor(outputs[fetch] as TensorMetadata);
      if (!this.#shared.has(fetch)) return tensor;
      shared.set(fetch, tensor);
      return tensor.clone();
    };
    for (const [variable, fetch] of assigned) {
      const value = tensorOf(fetch);
      variable.assign(value);
      value.dispose();
    }
    for (const [index, fetch] of results.entries()) if (fetch !== null) tensors[index] = tensorOf(fetch);
    for (const [number, fetch] of kept) adopt(values.tensors[number] as Tensor, tensorOf(fetch));
    for (const tensor of shared.values()) tensor.dispose();
    return tensors;
  }

  /** Runs the graph without taking over its outcome, so that the step can also run eagerly and be compared. */
  preview(call: GraphCall, values: ValueNumbers): GraphPreview {
    this.#resources.letGo();
    this.#resources.take(this.#resourcesOf(call));
    const outputs = this.#run(call, values);
    this.#resources.forget();
    const renewed = this.#resources.read();
    return {
      differenceFrom: (results, after) => this.#difference(outputs, renewed, results, after),
      dispose: () => {
        for (const { id } of [...outputs, ...renewed]) this.#backend.binding.deleteTensor(id);
      },
    };
  }

  /** Frees the graph. */
  dispose(): void {
    this.#resources.letGo();
    this.#loaded.dispose();
    this.#fed.dispose();
    for (const id of this.#constants) this.#backend.binding.deleteTensor(id);
  }

  #difference(
    outputs: readonly TensorMetadata[],
    renewed: readonly TensorMetadata[],
    results: readonly Tensor[],
    values: ValueNumbers,
  ): string | null {
    const { binding } = this.#backend;
    const { assigned, resources, results: fetches, kept } = this.#graph;
    const isEqual = (output: TensorMetadata | undefined, tensor: Tensor | undefined): boolean =>
      output !== undefined &&
      tensor !== undefined &&
      isSameBits(binding.tensorDataSync(output.id), binding.tensorDataSync(idOf(this.#backend, tensor)));
    const next = resources.flatMap(({ of, next }) => (next === null ? [] : [{ of, ...next }]));
    const outputOf = (fetch: number | null, index: number): TensorMetadata | undefined =>
      fetch === null ? renewed[next.findIndex(({ result }) => result === index)] : outputs[fetch];
    const index = fetches.findIndex((fetch, at) => !isEqual(outputOf(fetch, at), results[at]));
    if (index >= 0) return index === 0 ? "the loss" : `result ${index}`;
    const variables = [
      ...next.flatMap(({ of }, at) => (of instanceof Variable ? [[of, renewed[at]] as const] : [])),
      ...assigned.map(([variable, fetch]) => [variable, outputs[fetch]] as const),
    ];
    const differing = variables.find(([variable, output]) => !isEqual(output, variable));
    if (differing !== undefined) return `the variable "${differing[0].name}"`;
    const isKept = kept.every(([number, fetch]) => isEqual(outputs[fetch], values.tensors[number]));
    return isKept ? null : "a tensor that the step keeps or logs";
  }

  #resourcesOf({ donated }: GraphCall): Tensor[] {
    return this.#graph.resources.map(({ of }) => (typeof of === "number" ? (donated[of] as Tensor) : of));
  }

  #run(call: GraphCall, values: ValueNumbers): TensorMetadata[] {
    const { binding } = this.#backend;
    const { inputs, usesScalars, fetches } = this.#graph;
    const ids = this.#fed.take(values);
    for (const index of inputs) ids.push(idOf(this.#backend, call.inputs[index] as Tensor));
    ids.push(...this.#constants);
    const scalars = usesScalars
      ? binding.createTensor([call.scalars.length], binding.TF_FLOAT, new Float32Array(call.scalars))
      : null;
    if (scalars !== null) ids.push(scalars);
    try {
      const outputs = this.#step(ids);
      for (const { id } of outputs.splice(fetches.length)) binding.deleteTensor(id);
      return outputs;
    } finally {
      if (scalars !== null) binding.deleteTensor(scalars);
      this.#fed.release();
    }
  }
}

/** Lists the placeholders in the order in which a call feeds them. */
function feedNames({ fed, inputs, numbers, constants, usesScalars }: StepGraph): string[] {
  return [
    ...fed.map((_, index) => `i${index}`),
    ...inputs.map((_, index) => `g${index}`),
    ...(numbers.length > 0 ? ["f"] : []),
    ...constants.map((_, index) => `k${index}`),
    ...(usesScalars ? ["s"] : []),
  ];
}

function secondOf(pair: readonly [unknown, number]): number {
  return pair[1];
}

function isSameBits(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const bytesOf = (view: ArrayBufferView): Uint8Array =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (Buffer.compare(bytesOf(one), bytesOf(other)) === 0) return true;
  // All NaN are equal, whatever their bits.
  if (!(one instanceof Float32Array && other instanceof Float32Array)) return false;
  return isSameList(one, other);
}
