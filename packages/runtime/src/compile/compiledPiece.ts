import { RandomState, type Chance, type StepPiece } from "@fulmine/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { StepGraph } from "./graphBuilder.js";
import { loadGraph, type LoadedGraph } from "./loadedGraph.js";
import { isSameList } from "./isSameList.js";
import { idOf, renew, type NativeBackend, type TensorMetadata } from "./nativeBackend.js";
import { makeRandom } from "./randomInput.js";

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
  /** The constants that are fed, by TensorFlow's numbers. */
  readonly #constants: readonly number[];
  /** The fetches that are wanted for one thing alone. */
  readonly #once: ReadonlySet<number>;

  constructor(backend: NativeBackend, graph: StepGraph) {
    this.graph = graph;
    this.#backend = backend;
    const { binding } = backend;
    const { bytes, fetches, numbers, constants } = graph;
    this.#loaded = loadGraph(binding, bytes, feedNames(graph), fetches);
    const fed = constants.map(({ shape, dtype, values }) => binding.createTensor(shape, dtype, values));
    if (numbers.length > 0) fed.unshift(binding.createTensor([numbers.length], binding.TF_FLOAT, numbers));
    this.#constants = fed;
    const uses = [...graph.results, ...graph.assigned.map(([, fetch]) => fetch)];
    this.#once = new Set(uses.filter((fetch) => uses.indexOf(fetch) === uses.lastIndexOf(fetch)));
  }

  /** Does the piece and gives its tensors. */
  replay(piece: StepPiece<unknown>): Tensor[] {
    const backend = this.#backend;
    const outputs = this.#run(piece, piece.random);
    const { assigned, results } = this.graph;
    const shared = new Map<number, Tensor>();
    const tensorOf = (fetch: number): Tensor => {
      const tensor = shared.get(fetch) ?? backend.createOutputTensor(outputs[fetch] as TensorMetadata);
      if (this.#once.has(fetch)) return tensor;
      shared.set(fetch, tensor);
      return tensor.clone();
    };
    const isRenewed = (tensor: Tensor, fetch: number): boolean =>
      this.#once.has(fetch) && renew(backend, tensor, (outputs[fetch] as TensorMetadata).id);
    for (const [variable, fetch] of assigned) {
      if (isRenewed(variable, fetch)) continue;
      const value = tensorOf(fetch);
      variable.assign(value);
      value.dispose();
    }
    const values: Tensor[] = [];
    for (const [input, result] of piece.renewed) {
      const tensor = piece.inputs[input] as Tensor;
      if (isRenewed(tensor, results[result] as number)) values[result] = tensor;
    }
    for (const [index, fetch] of results.entries()) values[index] ??= tensorOf(fetch);
    for (const tensor of shared.values()) tensor.dispose();
    return values;
  }

  /** Does the piece without taking anything over, so that it can be done another way and compared. */
  preview(piece: StepPiece<unknown>): PiecePreview {
    const outputs = this.#run(piece, RandomState.fromSnapshot(piece.random.snapshot()));
    const { binding } = this.#backend;
    const isEqual = (fetch: number, tensor: Tensor): boolean =>
      isSameBits(
        binding.tensorDataSync((outputs[fetch] as TensorMetadata).id),
        binding.tensorDataSync(idOf(this.#backend, tensor)),
      );
    return {
      differenceFrom: (results) => {
        const { assigned, results: fetches } = this.graph;
        const index = fetches.findIndex((fetch, at) => !isEqual(fetch, results[at] as Tensor));
        if (index >= 0) return index === 0 ? "first result" : `result ${index + 1}`;
        const differing = assigned.find(([variable, fetch]) => !isEqual(fetch, variable));
        return differing === undefined ? null : `variable "${differing[0].name}"`;
      },
      dispose: () => {
        for (const { id } of outputs) binding.deleteTensor(id);
      },
    };
  }

  /** Frees the graph. */
  dispose(): void {
    this.#loaded.dispose();
    for (const id of this.#constants) this.#backend.binding.deleteTensor(id);
  }

  #run(piece: StepPiece<unknown>, random: Chance): TensorMetadata[] {
    const backend = this.#backend;
    const { binding } = backend;
    const { variables, inputs, captured, randoms, usesScalars } = this.graph;
    const ids: number[] = [];
    for (const variable of variables) ids.push(idOf(backend, variable));
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
      return this.#loaded.run(ids);
    } finally {
      if (scalars !== null) binding.deleteTensor(scalars);
      for (const tensor of drawn) tensor.dispose();
    }
  }
}

/** The placeholders, in the order in which a piece feeds them. */
function feedNames(graph: StepGraph): string[] {
  const { variables, inputs, captured, numbers, constants, usesScalars, randoms } = graph;
  return [
    ...variables.map((_, index) => `v${index}`),
    ...inputs.map((_, index) => `i${index}`),
    ...captured.map((_, index) => `m${index}`),
    ...(numbers.length > 0 ? ["f"] : []),
    ...constants.map((_, index) => `k${index}`),
    ...(usesScalars ? ["s"] : []),
    ...randoms.map((_, index) => `r${index}`),
  ];
}

/** Whether the variables and tensors that a graph reads are still there. */
export function isWhole({ variables, captured }: StepGraph): boolean {
  const isPresent = ({ isDisposed }: Tensor): boolean => !isDisposed;
  return variables.every(isPresent) && captured.every(isPresent);
}

function isSameBits(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const bytesOf = (view: ArrayBufferView): Uint8Array =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (Buffer.compare(bytesOf(one), bytesOf(other)) === 0) return true;
  // Which bits a NaN has says nothing.
  if (!(one instanceof Float32Array && other instanceof Float32Array)) return false;
  return isSameList(one, other);
}
