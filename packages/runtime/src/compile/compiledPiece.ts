import { RandomState, type Chance, type StepPiece } from "@fulmine/core";
import { Variable, type Tensor } from "@tensorflow/tfjs-core";
import type { StepGraph } from "./graph/graphBuilder.js";
import { DONE } from "./kept/keptNodes.js";
import { KeptValues } from "./kept/keptValues.js";
import { loadGraph, type LoadedGraph, type RunGraph } from "./graph/loadedGraph.js";
import { isSameList } from "./isSameList.js";
import { idOf, type NativeBackend, type TensorMetadata } from "./nativeBackend.js";
import { makeRandom } from "./graph/randomInput.js";

/** What a compiled piece would do. */
export interface PiecePreview {
  /**
   * Tells where it differs, bit for bit, from what the piece has done meanwhile; `null` where it does not.
   *
   * @param results - The piece's tensors.
   */
  differenceFrom(results: readonly Tensor[]): string | null;
  dispose(): void;
}

/** A piece of a step that TensorFlow runs in one call. */
export class CompiledPiece {
  readonly graph: StepGraph;
  readonly #backend: NativeBackend;
  readonly #loaded: LoadedGraph;
  readonly #step: RunGraph;
  readonly #kept: KeptValues;
  /** The constants that are fed, by TensorFlow's numbers. */
  readonly #constants: readonly number[];
  /** The fetches that are wanted for more than one thing. */
  readonly #shared: ReadonlySet<number>;

  constructor(backend: NativeBackend, graph: StepGraph) {
    this.graph = graph;
    this.#backend = backend;
    const { binding } = backend;
    const { bytes, fetches, numbers, constants, kept } = graph;
    this.#loaded = loadGraph(binding, bytes);
    const isRenewing = kept.some(({ next }) => next !== null);
    this.#step = this.#loaded.part(feedNames(graph), isRenewing ? [...fetches, DONE] : fetches);
    this.#kept = new KeptValues(backend, this.#loaded, kept);
    const fed = constants.map(({ shape, dtype, values }) => binding.createTensor(shape, dtype, values));
    if (numbers.length > 0) fed.unshift(binding.createTensor([numbers.length], binding.TF_FLOAT, numbers));
    this.#constants = fed;
    const uses = [...graph.results, ...graph.assigned.map(([, fetch]) => fetch)];
    this.#shared = new Set(
      uses.flatMap((fetch, index) => (uses.indexOf(fetch) < index ? (fetch ?? []) : [])),
    );
  }

  /** Does the piece and gives its tensors. */
  replay(piece: StepPiece<unknown>): Tensor[] {
    const kept = this.#keptOf(piece);
    this.#kept.take(kept);
    const outputs = this.#run(piece, piece.random);
    const { assigned, results } = this.graph;
    const values: Tensor[] = [];
    for (const [index, tensor] of this.#kept.renew(kept).entries()) {
      const result = this.graph.kept[index]?.next?.result ?? null;
      if (result !== null) values[result] = tensor;
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
    for (const [index, fetch] of results.entries()) if (fetch !== null) values[index] = tensorOf(fetch);
    for (const tensor of shared.values()) tensor.dispose();
    return values;
  }

  /** Does the piece without taking anything over, so that it can be done another way and compared. */
  preview(piece: StepPiece<unknown>): PiecePreview {
    this.#kept.letGo();
    this.#kept.take(this.#keptOf(piece));
    const outputs = this.#run(piece, RandomState.fromSnapshot(piece.random.snapshot()));
    this.#kept.forget();
    const renewed = this.#kept.read();
    const { binding } = this.#backend;
    const isEqual = (output: TensorMetadata | undefined, tensor: Tensor | undefined): boolean =>
      output !== undefined &&
      tensor !== undefined &&
      isSameBits(binding.tensorDataSync(output.id), binding.tensorDataSync(idOf(this.#backend, tensor)));
    return {
      differenceFrom: (results) => {
        const { assigned, kept, results: fetches } = this.graph;
        const next = kept.flatMap(({ of, next }) => (next === null ? [] : [{ of, ...next }]));
        const outputOf = (fetch: number | null, index: number): TensorMetadata | undefined =>
          fetch === null ? renewed[next.findIndex(({ result }) => result === index)] : outputs[fetch];
        const index = fetches.findIndex((fetch, at) => !isEqual(outputOf(fetch, at), results[at]));
        if (index >= 0) return index === 0 ? "first result" : `result ${index + 1}`;
        const variables = [
          ...next.flatMap(({ of }, at) => (of instanceof Variable ? [[of, renewed[at]] as const] : [])),
          ...assigned.map(([variable, fetch]) => [variable, outputs[fetch]] as const),
        ];
        const differing = variables.find(([variable, output]) => !isEqual(output, variable));
        return differing === undefined ? null : `variable "${differing[0].name}"`;
      },
      dispose: () => {
        for (const { id } of [...outputs, ...renewed]) binding.deleteTensor(id);
      },
    };
  }

  /** Frees the graph. */
  dispose(): void {
    this.#kept.letGo();
    this.#loaded.dispose();
    for (const id of this.#constants) this.#backend.binding.deleteTensor(id);
  }

  #keptOf({ inputs }: StepPiece<unknown>): Tensor[] {
    return this.graph.kept.map(({ of }) => (typeof of === "number" ? (inputs[of] as Tensor) : of));
  }

  #run(piece: StepPiece<unknown>, random: Chance): TensorMetadata[] {
    const backend = this.#backend;
    const { binding } = backend;
    const { inputs, captured, randoms, usesScalars } = this.graph;
    const ids: number[] = [];
    for (const index of inputs) ids.push(idOf(backend, piece.inputs[index] as Tensor));
    for (const tensor of captured) ids.push(idOf(backend, tensor));
    ids.push(...this.#constants);
    const scalars = usesScalars
      ? binding.createTensor([piece.scalars.length], binding.TF_FLOAT, new Float32Array(piece.scalars))
      : null;
    if (scalars !== null) ids.push(scalars);
    const drawn = randoms.map((each) => makeRandom(each, random.float()));
    for (const tensor of drawn) ids.push(idOf(backend, tensor));
    try {
      const outputs = this.#step(ids);
      for (const { id } of outputs.splice(this.graph.fetches.length)) binding.deleteTensor(id);
      return outputs;
    } finally {
      if (scalars !== null) binding.deleteTensor(scalars);
      for (const tensor of drawn) tensor.dispose();
    }
  }
}

/** The placeholders, in the order in which a piece feeds them. */
function feedNames(graph: StepGraph): string[] {
  const { inputs, captured, numbers, constants, usesScalars, randoms } = graph;
  return [
    ...inputs.map((_, index) => `i${index}`),
    ...captured.map((_, index) => `m${index}`),
    ...(numbers.length > 0 ? ["f"] : []),
    ...constants.map((_, index) => `k${index}`),
    ...(usesScalars ? ["s"] : []),
    ...randoms.map((_, index) => `r${index}`),
  ];
}

/** Whether the variables and tensors that a graph reads are still there. */
export function isWhole({ kept, captured }: StepGraph): boolean {
  const isPresent = ({ isDisposed }: Tensor): boolean => !isDisposed;
  return kept.every(({ of }) => typeof of === "number" || isPresent(of)) && captured.every(isPresent);
}

function isSameBits(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const bytesOf = (view: ArrayBufferView): Uint8Array =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (Buffer.compare(bytesOf(one), bytesOf(other)) === 0) return true;
  // Which bits a NaN has says nothing.
  if (!(one instanceof Float32Array && other instanceof Float32Array)) return false;
  return isSameList(one, other);
}
