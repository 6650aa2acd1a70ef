import { runOpByOp, type PieceResult, type StepPiece } from "@fulmine/core";
import type { Variable } from "@tensorflow/tfjs-core";
import { CompiledPiece, isWhole } from "./compiledPiece.js";
import type { MadeTensor } from "./graph/constantPool.js";
import type { StepGraph } from "./graph/graphBuilder.js";
import type { KeptValue } from "./kept/keptNodes.js";
import { ModuleWatch } from "./moduleWatch.js";
import { isSameList } from "./isSameList.js";
import type { NativeBackend } from "./nativeBackend.js";
import { recordPiece } from "./recordPiece.js";

/** Told when a variant can't be compiled, or has been and does something else now. */
export type OnRefused = (reason: string, wasCompiled: boolean) => void;

/** What a variant has come to. */
export interface VariantState {
  readonly isCompiled: boolean;
  /** Why it is not to be compiled; `null` when it is, or may yet be. */
  readonly refusal: string | null;
  readonly operations: number;
  /** What the calls took in which it was recorded, loaded and checked for the first time. */
  readonly milliseconds: number;
  readonly calls: number;
  readonly replays: number;
}

interface Recorded<R> {
  readonly graph: StepGraph;
  readonly notes: R;
  readonly signature: string;
}

/** So often a recording may differ from the one before it until a variant is given up. */
const MOST_RECORDINGS = 6;
/** The first check comes after so many replays, each later one after twice as many, up to the most. */
const CHECKS = { first: 32, most: 1024 };

/**
 * One kind of call of a piece: with the same shapes and dependencies.
 *
 * It is recorded twice. When both recordings are the same graph, and this graph gives the same bits as the second of
 * them, it is replayed from then on. Now and then, and whenever the module's properties have changed, it is run
 * op by op again and compared.
 */
export class PieceVariant<R> {
  readonly #backend: NativeBackend;
  readonly #watch: ModuleWatch;
  readonly #onRefused: OnRefused;
  #recorded: Recorded<R> | null = null;
  /** The recorded graph, once it is loaded. */
  #compiled: CompiledPiece | null = null;
  #isTrusted = false;
  #refusal: string | null = null;
  #recordings = 0;
  #calls = 0;
  #replays = 0;
  #unchecked = 0;
  #nextCheck = CHECKS.first;
  #milliseconds = 0;

  constructor(backend: NativeBackend, module: object, onRefused: OnRefused) {
    this.#backend = backend;
    this.#watch = new ModuleWatch(module);
    this.#onRefused = onRefused;
  }

  get state(): VariantState {
    return {
      isCompiled: this.#isTrusted,
      refusal: this.#refusal,
      operations: this.#recorded?.graph.operations ?? 0,
      milliseconds: this.#milliseconds,
      calls: this.#calls,
      replays: this.#replays,
    };
  }

  /** Runs the piece; `mayRecord` says whether it is worth compiling yet. */
  run(piece: StepPiece<R>, mayRecord: boolean): Pick<PieceResult<R>, "tensors" | "notes"> {
    this.#calls += 1;
    const [compiled, recorded] = [this.#compiled, this.#recorded];
    if (this.#isTrusted && compiled !== null && recorded !== null && this.#isCurrent(recorded.graph)) {
      this.#unchecked += 1;
      this.#replays += 1;
      return { tensors: compiled.replay(piece), notes: recorded.notes };
    }
    if (this.#refusal !== null || !mayRecord) return runOpByOp(piece);
    return this.#record(piece);
  }

  /** Frees the graph. */
  dispose(): void {
    this.#compiled?.dispose();
    this.#compiled = null;
    this.#isTrusted = false;
  }

  #isCurrent(graph: StepGraph): boolean {
    return this.#unchecked < this.#nextCheck && this.#watch.changes().length === 0 && isWhole(graph);
  }

  /** Runs the piece op by op, while what is known of it is checked or made. */
  #record(piece: StepPiece<R>): PieceResult<R> {
    const start = performance.now();
    const changes = this.#watch.changes();
    if (this.#recorded !== null && !isWhole(this.#recorded.graph)) this.#forget();
    const preview = this.#load()?.preview(piece);
    try {
      const { result, graph, refusal } = recordPiece(this.#backend, piece, this.#watch);
      const { notes, signature } = result;
      if (refusal !== null || graph === null) {
        this.#refuseOrWait(refusal, changes);
      } else if (this.#recorded === null || !isSame(this.#recorded, { graph, notes, signature })) {
        this.#replace({ graph, notes, signature }, changes);
      } else {
        const difference = preview?.differenceFrom(result.tensors) ?? null;
        if (difference !== null) this.#refuse(`the graph gives other bits than op by op: ${difference}`);
        else this.#trust(changes);
      }
      return result;
    } finally {
      preview?.dispose();
      if (this.#replays === 0) this.#milliseconds += performance.now() - start;
    }
  }

  #load(): CompiledPiece | null {
    if (this.#recorded === null) return null;
    try {
      this.#compiled ??= new CompiledPiece(this.#backend, this.#recorded.graph);
    } catch (error) {
      this.#refuse(`TensorFlow does not take the graph: ${firstLine(error)}`);
    }
    return this.#compiled;
  }

  #trust(changes: readonly string[]): void {
    if (changes.length > 0) this.#watch.forgive(changes);
    if (this.#isTrusted) this.#nextCheck = Math.min(2 * this.#nextCheck, CHECKS.most);
    this.#isTrusted = true;
    this.#unchecked = 0;
  }

  /** Another graph than before: known changes explain it, as does the first call of all, but not much else. */
  #replace(recorded: Recorded<R>, changes: readonly string[]): void {
    if (this.#isTrusted && changes.length === 0) {
      this.#refuse("its JavaScript does something else than when it was compiled");
      return;
    }
    this.#forget();
    this.#recorded = recorded;
    this.#recordings += 1;
    if (this.#recordings <= MOST_RECORDINGS) return;
    const why = changes.length > 0 ? `: ${changes.map((path) => `this.${path}`).join(", ")}` : "";
    this.#refuse(`its JavaScript gives other numbers or operations from call to call${why}`);
  }

  #refuseOrWait(refusal: string | null, changes: readonly string[]): void {
    this.#recordings += 1;
    if (refusal !== null) this.#refuse(refusal);
    else if (this.#recordings > MOST_RECORDINGS) this.#refuse("two of its variables share one value");
    else if (changes.length > 0) this.#forget();
  }

  #refuse(reason: string): void {
    const wasCompiled = this.#isTrusted;
    this.#forget();
    this.#refusal = reason;
    this.#onRefused(reason, wasCompiled);
  }

  #forget(): void {
    this.dispose();
    this.#recorded = null;
    this.#nextCheck = CHECKS.first;
  }
}

function isSame<R>(one: Recorded<R>, other: Recorded<R>): boolean {
  const [a, b] = [one.graph, other.graph];
  return (
    one.signature === other.signature &&
    Buffer.compare(a.bytes, b.bytes) === 0 &&
    isSameList(a.numbers, b.numbers) &&
    isSameList(a.constants.flatMap(contentOf), b.constants.flatMap(contentOf)) &&
    isSameList(a.fetches, b.fetches) &&
    isSameList(a.results, b.results) &&
    isSameList(a.inputs, b.inputs) &&
    isSameList(a.kept.map(whose), b.kept.map(whose)) &&
    isSameList(a.captured, b.captured) &&
    isSameList(a.assigned.flat(), b.assigned.flat())
  );
}

function whose({ of }: KeptValue): Variable | number {
  return of;
}

function contentOf({ values }: MadeTensor): number[] {
  return [...(values as Float32Array)];
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? "";
}
