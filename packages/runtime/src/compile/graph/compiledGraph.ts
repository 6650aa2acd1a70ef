import type { StepFunction } from "@fulmine/core/plugin";
import { Variable, type Tensor } from "@tensorflow/tfjs-core";
import { BEGUN, digestOf, DONE, isLarge, type ResourceValue } from "../resources/resourceNodes.js";
import { ResourceVariables } from "../resources/resourceVariables.js";
import { idOf, type NativeBackend, type TensorMetadata } from "../tensorflow/nativeBackend.js";
import { loadGraph, type LoadedGraph, type RunGraph } from "../tensorflow/savedModel.js";
import { adopt } from "../trace/callLog.js";
import { isSameList } from "../trace/trace.js";
import type { ValueNumbers } from "../trace/valueNumbers.js";
import { FedValues } from "./fedValues.js";
import type { StepGraph } from "./graphBuilder.js";

/** A value that steps update. */
type UpdatedValue = ResourceValue & { readonly next: NonNullable<ResourceValue["next"]> };

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
  /** Runs the step without updating the resource variables. */
  readonly #dryRun: RunGraph;
  /** The outputs that {@link CompiledGraph.#dryRun} fetches, without duplicates. */
  readonly #dryFetches: readonly string[];
  /** Computes the digests of the large values that steps update. */
  readonly #digest: RunGraph;
  readonly #updated: readonly UpdatedValue[];
  /** Reads whether an update was interrupted; only a large model's update can be. */
  readonly #begun: RunGraph;
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
    this.#updated = resources.flatMap((value) =>
      value.next === null ? [] : [{ ...value, next: value.next }],
    );
    const large = this.#updated.filter(isLarge).map(digestOf);
    this.#dryFetches = [...new Set([...fetches, ...this.#updated.map(comparedOutput)])];
    this.#step = this.#loaded.part(feedNames(graph), isUpdating ? [...fetches, DONE] : fetches);
    this.#dryRun = this.#loaded.part(feedNames(graph), this.#dryFetches);
    this.#digest = this.#loaded.part(
      large.map(({ of }) => of),
      large.map(({ output }) => output),
    );
    this.#begun = this.#loaded.part([], isUpdating && resources.some(isLarge) ? [BEGUN] : []);
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

  /** Whether the last run failed after it had begun to update its resource variables. */
  get isInterrupted(): boolean {
    const { binding } = this.#backend;
    return this.#begun([]).some(({ id }) => {
      const [isBegun] = binding.tensorDataSync(id) as Uint8Array;
      binding.deleteTensor(id);
      return isBegun === 1;
    });
  }

  /** Runs the graph. This updates its resource variables, so the caller must take over the outcome. */
  run(call: GraphCall, values: ValueNumbers): readonly TensorMetadata[] {
    this.#resources.prepare(this.#resourcesOf(call));
    const outputs = this.#fetch(this.#step, call, values);
    for (const { id } of outputs.splice(this.#graph.fetches.length)) this.#backend.binding.deleteTensor(id);
    return outputs;
  }

  /** Takes over the outcome: variables, donated and kept tensors get their values. Returns the step's results. */
  takeOver(call: GraphCall, values: ValueNumbers, outputs: readonly TensorMetadata[]): Tensor[] {
    const { assigned, results, resources, kept } = this.#graph;
    const tensors: Tensor[] = [];
    for (const [index, tensor] of this.#resources.link(this.#resourcesOf(call)).entries()) {
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

  /**
   * Runs the graph without taking over its outcome, so that the step can also run eagerly and be compared. Of large next
   * values it holds only digests of 64 bits.
   */
  preview(call: GraphCall, values: ValueNumbers): GraphPreview {
    this.#resources.detach();
    this.#resources.prepare(this.#resourcesOf(call));
    let outputs: TensorMetadata[];
    try {
      outputs = this.#fetch(this.#dryRun, call, values);
    } finally {
      this.#resources.invalidate();
    }
    return {
      differenceFrom: (results, after) => this.#difference(outputs, results, after),
      dispose: () => {
        for (const { id } of outputs) this.#backend.binding.deleteTensor(id);
      },
    };
  }

  /** Frees the graph. */
  dispose(): void {
    this.#resources.detach();
    this.#loaded.dispose();
    this.#fed.dispose();
    for (const id of this.#constants) this.#backend.binding.deleteTensor(id);
  }

  #difference(
    outputs: readonly TensorMetadata[],
    results: readonly Tensor[],
    values: ValueNumbers,
  ): string | null {
    const { assigned, results: fetches, kept } = this.#graph;
    const isEqual = (fetch: number, tensor: Tensor | undefined): boolean =>
      tensor !== undefined && this.#isSame(outputs[fetch], idOf(this.#backend, tensor));
    const index = fetches.findIndex((fetch, at) => fetch !== null && !isEqual(fetch, results[at]));
    if (index >= 0) return index === 0 ? "the loss" : `result ${index}`;
    const different = this.#differentValue(outputs, results);
    if (different !== undefined) {
      const { of, next } = different;
      return of instanceof Variable ? `the variable "${of.name}"` : `result ${next.result ?? 0}`;
    }
    const differing = assigned.find(([variable, fetch]) => !isEqual(fetch, variable));
    if (differing !== undefined) return `the variable "${differing[0].name}"`;
    const isKept = kept.every(([number, fetch]) => isEqual(fetch, values.tensors[number]));
    return isKept ? null : "a tensor that the step keeps or logs";
  }

  /** Finds a value that the step updates and whose bits differ from those of the eager step. */
  #differentValue(outputs: readonly TensorMetadata[], results: readonly Tensor[]): UpdatedValue | undefined {
    const { binding } = this.#backend;
    const eager = this.#updated.map(({ of, next }) =>
      idOf(this.#backend, of instanceof Variable ? of : (results[next.result ?? 0] as Tensor)),
    );
    const digests = this.#digest(eager.filter((_, at) => isLarge(this.#updated[at] as UpdatedValue)));
    let digest = 0;
    const compared = eager.map((id, at) =>
      isLarge(this.#updated[at] as UpdatedValue) ? (digests[digest++] as TensorMetadata).id : id,
    );
    try {
      return this.#updated.find((value, at) => {
        const output = outputs[this.#dryFetches.indexOf(comparedOutput(value))];
        return !this.#isSame(output, compared[at] as number);
      });
    } finally {
      for (const { id } of digests) binding.deleteTensor(id);
    }
  }

  #isSame(output: TensorMetadata | undefined, id: number): boolean {
    const { binding } = this.#backend;
    return output !== undefined && isSameBits(binding.tensorDataSync(output.id), binding.tensorDataSync(id));
  }

  #resourcesOf({ donated }: GraphCall): Tensor[] {
    return this.#graph.resources.map(({ of }) => (typeof of === "number" ? (donated[of] as Tensor) : of));
  }

  #fetch(run: RunGraph, call: GraphCall, values: ValueNumbers): TensorMetadata[] {
    const { binding } = this.#backend;
    const { inputs, usesScalars } = this.#graph;
    const ids = this.#fed.take(values);
    for (const index of inputs) ids.push(idOf(this.#backend, call.inputs[index] as Tensor));
    ids.push(...this.#constants);
    const scalars = usesScalars
      ? binding.createTensor([call.scalars.length], binding.TF_FLOAT, new Float32Array(call.scalars))
      : null;
    if (scalars !== null) ids.push(scalars);
    try {
      return run(ids);
    } finally {
      if (scalars !== null) binding.deleteTensor(scalars);
      this.#fed.release();
    }
  }
}

/** The output that a value is compared by. */
function comparedOutput(value: UpdatedValue): string {
  return isLarge(value) ? digestOf(value).output : value.next.output;
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
