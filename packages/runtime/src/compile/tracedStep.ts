import { runEagerly, type StepFunction, type StepResult } from "@fulmine/core/plugin";
import type { Tensor } from "@tensorflow/tfjs-core";
import { FollowedCall } from "./followedCall.js";
import { Recording, type Recorded, type Tracing } from "./recording.js";
import { Specialization } from "./specialization.js";
import { isSameTrace, type Trace } from "./trace/trace.js";

type Outcome<Notes> = Pick<StepResult<Notes>, "tensors" | "notes">;

/** The largest number of paths that a step keeps; a new path replaces the least recently used one. */
const MOST_PATHS = 8;
/** `free` recordings are allowed at once, and one more for every `perReplays` replays. */
const RECORDINGS = { free: 24, perReplays: 8 };
/**
 * The step stays eager after `breaks` graph breaks in a row. If no more recordings are allowed, it also stays eager after
 * `misses` calls in a row without a graph.
 */
const IN_A_ROW = { breaks: 3, misses: 24 };

/** Called at a graph break; `isFinal` says whether the step now stays eager. */
export type OnGraphBreak = (reason: string, isFinal: boolean) => void;

/** One step of a module, on all the paths that its JavaScript takes. */
export class TracedStep {
  readonly #tracing: Tracing;
  readonly #onGraphBreak: OnGraphBreak;
  /** The paths; the most recently used one comes first. */
  #paths: Specialization[] = [];
  /** The traces of dropped paths, which are not recorded again. */
  readonly #rejected: Trace[] = [];
  #recordings = 0;
  #breaksInARow = 0;
  #missesInARow = 0;
  #graphBreak: string | null = null;
  #isEager = false;
  #calls = 0;
  #replays = 0;
  #milliseconds = 0;

  constructor(tracing: Tracing, onGraphBreak: OnGraphBreak) {
    this.#tracing = tracing;
    this.#onGraphBreak = onGraphBreak;
  }

  /** The number of calls. */
  get calls(): number {
    return this.#calls;
  }

  /** The number of calls that a graph ran. */
  get replays(): number {
    return this.#replays;
  }

  /** The time of the calls that recorded a path, or loaded and compared a graph, in milliseconds. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** The latest reason why a call could not be compiled; `null` when there was none. */
  get graphBreak(): string | null {
    return this.#graphBreak;
  }

  /** The paths whose graph has given the same bits as the eager step. */
  get compiled(): readonly Specialization[] {
    return this.#paths.filter(({ isTrusted }) => isTrusted);
  }

  /** Runs one call. Before the end of the warm-up, `mayRecord` is false and the call runs eagerly. */
  run<Notes>(step: StepFunction<Notes>, mayRecord: boolean): Outcome<Notes> {
    this.#calls += 1;
    if (this.#isEager || !mayRecord) return runEagerly(step);
    const start = performance.now();
    const { replays } = this;
    try {
      const paths = this.#paths.filter((path) => path.fits(step.guards));
      return paths.length === 0 ? this.#record(step) : this.#follow(step, paths);
    } finally {
      if (this.#replays === replays) this.#milliseconds += performance.now() - start;
    }
  }

  /** Frees all graphs. */
  dispose(): void {
    for (const path of this.#paths) path.dispose();
  }

  #record<Notes>(step: StepFunction<Notes>): Outcome<Notes> {
    if (!this.#mayRecord()) {
      this.#missed();
      return runEagerly(step);
    }
    const { interception } = this.#tracing;
    const recording = new Recording(this.#tracing, step);
    try {
      const forward = (): Tensor | undefined => {
        interception.active = recording.recorder;
        try {
          const output = step.forward();
          recording.endForward(output);
          return output;
        } finally {
          interception.active = null;
        }
      };
      const result = runEagerly(step, { forward, scalars: () => recording.scalars() });
      return this.#keep(step, result, recording.finish(result));
    } finally {
      recording.stop();
    }
  }

  #follow<Notes>(step: StepFunction<Notes>, paths: readonly Specialization[]): Outcome<Notes> {
    const followed = new FollowedCall(this.#tracing, step, paths, this.#mayRecord()).run();
    if (followed.kind === "diverged") {
      const { result, recorded } = followed;
      if (recorded !== null) return this.#keep(step, result, recorded);
      this.#missed();
      return result;
    }
    const { path } = followed;
    if (this.#paths[0] !== path) this.#paths = [path, ...this.#paths.filter((each) => each !== path)];
    if (followed.kind === "failed") {
      this.#drop(path, `TensorFlow can't run its graph: ${firstLine(followed.error)}`, followed.result);
      return followed.result;
    }
    this.#breaksInARow = 0;
    this.#missesInARow = 0;
    if (followed.kind === "replayed") {
      this.#replays += 1;
      return { tensors: followed.tensors, notes: path.notes as Notes };
    }
    if (followed.difference === null) path.trust();
    else
      this.#drop(
        path,
        `its graph gives other bits than its kernels: ${followed.difference}`,
        followed.result,
      );
    return followed.result;
  }

  #mayRecord(): boolean {
    const { free, perReplays } = RECORDINGS;
    return this.#recordings < free + this.#replays / perReplays;
  }

  #keep<Notes>(step: StepFunction<Notes>, result: StepResult<Notes>, recorded: Recorded): Outcome<Notes> {
    if (recorded.graphBreak !== null) {
      this.#broke(recorded.graphBreak, result);
      return result;
    }
    const { trace, graph } = recorded;
    this.#missed();
    this.#recordings += 1;
    if (this.#rejected.some((old) => isSameTrace(old, trace))) return result;
    this.#breaksInARow = 0;
    const path = new Specialization(this.#tracing.backend, step, { trace, graph, notes: result.notes });
    this.#paths = [path, ...this.#paths];
    for (const old of this.#paths.splice(MOST_PATHS)) old.dispose();
    return result;
  }

  /** Drops a path whose graph can't be used; the step stays eager if the path was trusted or the only one. */
  #drop(path: Specialization, reason: string, result: StepResult<unknown>): void {
    path.dispose();
    this.#rejected.push(path.trace);
    this.#paths = this.#paths.filter((each) => each !== path);
    this.#broke(reason, result, path.isTrusted || this.#paths.length === 0);
  }

  #missed(): void {
    this.#missesInARow += 1;
    if (this.#missesInARow < IN_A_ROW.misses || this.#mayRecord()) return;
    this.#end("its kernels or their attributes differ at nearly every call");
  }

  #broke(reason: string, { tensors }: StepResult<unknown>, isFinal = false): void {
    this.#breaksInARow += 1;
    try {
      if (isFinal || this.#breaksInARow >= IN_A_ROW.breaks) this.#end(reason);
      else {
        this.#graphBreak = reason;
        this.#onGraphBreak(reason, false);
      }
    } catch (error) {
      // The optimizer's slots are kept and stay.
      for (const tensor of tensors) if (!tensor.kept) tensor.dispose();
      throw error;
    }
  }

  #end(reason: string): void {
    this.#isEager = true;
    this.#graphBreak = reason;
    this.dispose();
    this.#paths = [];
    this.#onGraphBreak(reason, true);
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? "";
}
