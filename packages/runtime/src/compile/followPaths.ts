import { runEagerly, type StepFunction, type StepResult } from "@fulmine/core";
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { GraphPreview } from "./graph/compiledGraph.js";
import type { TensorMetadata } from "./nativeBackend.js";
import { makeScalars, Recording, type Recorded, type Tracing } from "./recording.js";
import type { Specialization } from "./specialization.js";
import { ShadowCall, type MatchedCall } from "./trace/shadowCall.js";
import { tfjsEngine, type TapeNode } from "./trace/tfjsEngine.js";
import type { ValueNumbers } from "./trace/valueNumbers.js";

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
  readonly #engine = tfjsEngine();
  readonly #tracing: Tracing;
  readonly #step: StepFunction<Notes>;
  readonly #paths: readonly Specialization[];
  /** Whether each parameter was trainable before the forward pass. */
  readonly #trainable: readonly boolean[];
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
    this.#trainable = step.params?.map(({ trainable }) => trainable) ?? [];
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
    this.#engine.startScope("compiled step");
    let followed: Followed<Notes> | null = null;
    try {
      const { output, tape } = this.#forward();
      followed =
        this.#outputs === null ? this.#finish(this.#goOn(output, tape)) : this.#takeOver(this.#outputs);
      return followed;
    } finally {
      this.#engine.endScope(followed?.kind === "replayed" ? followed.tensors : followed?.result.tensors);
      this.#recording?.stop();
      this.#preview?.dispose();
      this.#shadow.dispose();
    }
  }

  /** Runs the forward pass, and the graph where it followed a path; its kernels where that does not stand for the step. */
  #forward(): { readonly output: Tensor | undefined; readonly tape: TapeNode[] | null } {
    const isDifferentiated = this.#step.params !== null;
    if (isDifferentiated) this.#engine.startTape();
    this.#engine.startScope("forward pass");
    let output: Tensor | undefined;
    try {
      output = this.#pass();
      if (this.#match === null) this.#recording?.endForward(output);
      else if (!this.#runGraph(this.#match)) this.#shadow.carryOut();
      return { output, tape: this.#engine.state.activeTape };
    } catch (error) {
      for (const { saved } of (isDifferentiated ? this.#engine.state.activeTape : null) ?? [])
        for (const tensor of saved) tensor.dispose();
      throw error;
    } finally {
      this.#engine.endScope(output);
      if (isDifferentiated) this.#engine.endTape();
    }
  }

  /** Runs the forward pass's JavaScript. */
  #pass(): Tensor | undefined {
    const { interception } = this.#tracing;
    interception.active = this.#shadow;
    try {
      const output = this.#step.forward();
      this.#match = this.#shadow.finish(output);
      return output;
    } catch (error) {
      this.#shadow.diverge("it throws");
      throw error;
    } finally {
      interception.active = null;
    }
  }

  /** Goes on eagerly after the forward pass. */
  #goOn(output: Tensor | undefined, tape: TapeNode[] | null): StepResult<Notes> {
    const params = this.#step.params ?? [];
    // What is differentiated by is decided before the forward pass, which may freeze and thaw.
    const flags = params.map(({ trainable }) => trainable);
    setTrainable(params, this.#trainable);
    return runEagerly(this.#step, {
      forward: () => {
        setTrainable(params, flags);
        // The tape that differentiating begins is empty, for the forward pass has run already.
        if (this.#step.params !== null) this.#engine.state.activeTape = tape;
        return output;
      },
      scalars: () => this.#recording?.scalars() ?? makeScalars(this.#step.scalars),
    });
  }

  /** Takes over what the graph has done. */
  #takeOver(outputs: readonly TensorMetadata[]): Followed<Notes> {
    const { path, values } = this.#matched();
    if (this.#step.params !== null) this.#engine.state.activeTape = null;
    const tensors = path.takeOver(this.#step, values, outputs);
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

  #matched(): { readonly path: Specialization; readonly values: ValueNumbers } {
    const { index, values } = this.#match as MatchedCall;
    return { path: this.#paths[index] as Specialization, values };
  }
}

function setTrainable(params: readonly Variable[], flags: readonly boolean[]): void {
  for (const [index, param] of params.entries()) param.trainable = flags[index] ?? param.trainable;
}
