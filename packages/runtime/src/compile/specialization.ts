import type { StepFunction } from "@fulmine/core/plugin";
import { util, type Tensor } from "@tensorflow/tfjs-core";
import { CompiledGraph, type GraphCall, type GraphPreview } from "./graph/compiledGraph.js";
import type { StepGraph } from "./graph/graphBuilder.js";
import type { NativeBackend, TensorMetadata } from "./tensorflow/nativeBackend.js";
import { isSameList, type Trace } from "./trace/trace.js";
import type { ValueNumbers } from "./trace/valueNumbers.js";

/** A trusted graph is compared again after `first` calls. Each later interval is twice as long, up to `most`. */
const CHECKS = { first: 32, most: 1024 };

/** A step on one path: the graph for calls with the same guards and the same trace. */
export class Specialization {
  readonly trace: Trace;
  readonly graph: StepGraph;
  /** The meaning of the step's tensors. */
  readonly notes: unknown;
  readonly #backend: NativeBackend;
  readonly #guards: readonly unknown[];
  #compiled: CompiledGraph | null = null;
  #isTrusted = false;
  #unchecked = 0;
  #nextCheck = CHECKS.first;

  constructor(
    backend: NativeBackend,
    { guards }: Pick<StepFunction<unknown>, "guards">,
    { trace, graph, notes }: Pick<Specialization, "trace" | "graph" | "notes">,
  ) {
    this.#backend = backend;
    this.#guards = guards;
    this.trace = trace;
    this.graph = graph;
    this.notes = notes;
  }

  /** Whether the graph has given the same bits as an eager step. */
  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Whether the next call must run eagerly as well, for a comparison. */
  get isCheckDue(): boolean {
    return !this.#isTrusted || this.#unchecked >= this.#nextCheck;
  }

  /** Whether the guards are equal to these, and no variable of the graph is disposed. */
  fits(guards: readonly unknown[]): boolean {
    const isWhole = this.graph.resources.every(({ of }) => typeof of === "number" || !of.isDisposed);
    return isWhole && isSameList(this.#guards, guards);
  }

  /** Runs the graph; see {@link CompiledGraph.run}. */
  run(call: GraphCall, values: ValueNumbers): readonly TensorMetadata[] {
    this.#unchecked += 1;
    return this.#load().run(call, values);
  }

  /** Whether {@link Specialization.run} failed after it had begun to update values. */
  get isInterrupted(): boolean {
    return this.#compiled?.isInterrupted ?? false;
  }

  /** Takes over the outcome of {@link Specialization.run} and returns the step's results. */
  takeOver(call: GraphCall, values: ValueNumbers, outputs: readonly TensorMetadata[]): Tensor[] {
    return this.#load().takeOver(call, values, outputs);
  }

  /** Runs the graph without taking over its outcome. */
  preview(call: GraphCall, values: ValueNumbers): GraphPreview {
    return this.#load().preview(call, values);
  }

  /** Records that the graph has given the same bits as an eager step. */
  trust(): void {
    if (this.#isTrusted) this.#nextCheck = Math.min(2 * this.#nextCheck, CHECKS.most);
    this.#isTrusted = true;
    this.#unchecked = 0;
  }

  /** Frees the graph. */
  dispose(): void {
    this.#compiled?.dispose();
    this.#compiled = null;
  }

  #load(): CompiledGraph {
    return (this.#compiled ??= new CompiledGraph(this.#backend, this.graph, isSmall(this.graph)));
  }
}

/**
 * A step with fewer multiplications is small: distributing its operations to threads takes longer than the operations; see
 * `bench/speed.md`.
 */
const SMALL = 20_000_000;

/** Whether a step is small. The estimate counts one multiplication per weight and example. */
function isSmall({ resources, examples }: StepGraph): boolean {
  const weights = resources.reduce(
    (sum, { of, shape }) => (typeof of === "number" ? sum : sum + util.sizeFromShape([...shape])),
    0,
  );
  return weights * examples < SMALL;
}
