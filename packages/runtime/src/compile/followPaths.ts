import { runEagerly, type StepContext, type StepFunction, type StepResult } from "@fulmine/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { GraphPreview } from "./graph/compiledGraph.js";
import type { TensorMetadata } from "./nativeBackend.js";
import { makeScalars, Recording, type Recorded, type Tracing } from "./recording.js";
import type { Specialization } from "./specialization.js";
import { ShadowCall, type MatchedCall } from "./trace/shadowCall.js";

/** The outcome of a call that began along known paths. */
export type Followed<Notes> =
  /** The graph of a path did it. */
  | { readonly kind: "replayed"; readonly path: Specialization; readonly tensors: readonly Tensor[] }
  /** It ran eagerly, and the graph beside it. */
  | {
      readonly kind: "checked";
      readonly path: Specialization;
      readonly result: StepResult<Notes>;
      readonly difference: string | null;
    }
  /** It ran eagerly, since TensorFlow could not run the graph. */
  | {
      readonly kind: "failed";
      readonly path: Specialization;
      readonly result: StepResult<Notes>;
      readonly error: unknown;
    }
  /** It left all paths and went on eagerly. */
  | {
      readonly kind: "diverged";
      readonly result: StepResult<Notes>;
      /** What was written down of it; `null` when that was not wanted. */
      readonly recorded: Recorded | null;
    };

/** Thrown out of a step whose graph has done all that was left to do. */
class StepDone extends Error {}
const STEP_DONE = new StepDone();

/**
 * Runs a call's JavaScript without its kernels along the traces of known paths, and then the graph of the path that it took.
 *
 * @param isRecording - Whether a call that leaves all paths is to be written down.
 * @throws Whatever the step throws; everything that it did until then has been carried out.
 */
export function followPaths<Notes>(
  tracing: Tracing,
  step: StepFunction<Notes>,
  paths: readonly Specialization[],
  isRecording: boolean,
): Followed<Notes> {
  return new FollowedCall(tracing, step, paths, isRecording).run();
}

class FollowedCall<Notes> {
  readonly #tracing: Tracing;
  readonly #step: StepFunction<Notes>;
  readonly #paths: readonly Specialization[];
  readonly #shadow: ShadowCall;
  #recording: Recording | null = null;
  #graphBreak: string | null = null;
  #match: MatchedCall | null = null;
  #outputs: readonly TensorMetadata[] | null = null;
  #preview: GraphPreview | null = null;
  #error: unknown;

  constructor(
    tracing: Tracing,
    step: StepFunction<Notes>,
    paths: readonly Specialization[],
    isRecording: boolean,
  ) {
    this.#tracing = tracing;
    this.#step = step;
    this.#paths = paths;
    const traces = paths.map(({ trace }) => trace);
    this.#shadow = new ShadowCall(tracing.interception, traces, (graphBreak) => {
      this.#graphBreak = graphBreak;
      if (graphBreak === null && isRecording)
        this.#recording = new Recording(tracing, step, this.#shadow.values);
      return this.#recording?.recorder ?? null;
    });
  }

  run(): Followed<Notes> {
    const scalars = () => this.#recording?.scalars() ?? makeScalars(this.#step.scalars);
    try {
      const forward: StepContext["forward"] = (pass) => () => this.#forward(pass);
      return this.#finish(runEagerly(this.#step, forward, scalars));
    } catch (error) {
      if (error !== STEP_DONE) throw error;
      return this.#takeOver();
    } finally {
      this.#recording?.stop();
      this.#preview?.dispose();
      this.#shadow.dispose();
    }
  }

  #forward<T extends Tensor | undefined>(pass: () => T): T {
    const { interception } = this.#tracing;
    interception.active = this.#shadow;
    let output: T;
    try {
      output = pass();
      this.#match = this.#shadow.finish(output);
    } catch (error) {
      this.#shadow.diverge("it throws");
      throw error;
    } finally {
      interception.active = null;
    }
    if (this.#match === null) this.#recording?.endForward(output);
    else if (this.#runGraph(this.#match)) throw STEP_DONE;
    else this.#shadow.carryOut();
    return output;
  }

  /** Takes over what the graph has done. */
  #takeOver(): Followed<Notes> {
    const { path, values } = this.#matched();
    const tensors = path.takeOver(this.#step, values, this.#outputs ?? []);
    this.#shadow.keepMade();
    return { kind: "replayed", path, tensors };
  }

  /** Ends a call that ran eagerly. */
  #finish(result: StepResult<Notes>): Followed<Notes> {
    if (this.#match === null) {
      const graphBreak = this.#graphBreak;
      const recorded = graphBreak === null ? (this.#recording?.finish(result) ?? null) : { graphBreak };
      return { kind: "diverged", result, recorded };
    }
    const { path, values } = this.#matched();
    if (this.#preview === null) return { kind: "failed", path, result, error: this.#error };
    const difference = this.#preview.differenceFrom(result.tensors, values);
    return { kind: "checked", path, result, difference };
  }

  /** Runs the graph of the path that the forward pass took; gives whether it stands for the step. */
  #runGraph({ values }: MatchedCall): boolean {
    const { path } = this.#matched();
    try {
      if (path.isCheckDue) this.#preview = path.preview(this.#step, values);
      else this.#outputs = path.run(this.#step, values);
    } catch (error) {
      this.#error = error;
    }
    return this.#outputs !== null;
  }

  #matched(): MatchedCall & { readonly path: Specialization } {
    const match = this.#match as MatchedCall;
    return { ...match, path: this.#paths[match.index] as Specialization };
  }
}
