import { runEagerly, type StepFunction, type StepResult } from "@fulmine/core/plugin";
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { GraphPreview } from "./graph/compiledGraph.js";
import { Recording, type Recorded, type Tracing } from "./recording.js";
import type { Specialization } from "./specialization.js";
import type { TensorMetadata } from "./tensorflow/nativeBackend.js";
import { ShadowCall, type MatchedCall } from "./trace/shadowCall.js";
import { tfjsEngine, type TapeNode } from "./trace/tfjsEngine.js";
import type { ValueNumbers } from "./trace/valueNumbers.js";

/** The outcome of a call that was compared with known paths. */
export type Followed<Notes> =
  /** The graph of a path ran instead of the kernels. */
  | { readonly kind: "replayed"; readonly path: Specialization; readonly tensors: readonly Tensor[] }
  /** The call ran eagerly as well as by the graph, and the two were compared. */
  | {
      readonly kind: "checked";
      readonly path: Specialization;
      readonly result: StepResult<Notes>;
      readonly difference: string | null;
    }
  /** The call ran eagerly, because TensorFlow could not run the graph. */
  | {
      readonly kind: "failed";
      readonly path: Specialization;
      readonly result: StepResult<Notes>;
      readonly error: unknown;
    }
  /** The call left all paths and continued eagerly. */
  | {
      readonly kind: "diverged";
      readonly result: StepResult<Notes>;
      /** The recorded call, or its graph break; `null` when the call was not to be recorded. */
      readonly recorded: Recorded | null;
    };

/**
 * One call of a step that is compared with known paths. The forward pass's JavaScript runs without kernels, and then the
 * graph of the path that matches. A call that matches no path continues eagerly.
 */
export class FollowedCall<Notes> {
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

  /** @param isRecording - Whether to record a call that leaves all paths. */
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

  /**
   * Runs the call; call it once.
   *
   * @throws Whatever the step throws; the kernels before the error have run by then.
   */
  run(): Followed<Notes> {
    this.#engine.startScope("compiled step");
    let followed: Followed<Notes> | null = null;
    try {
      const { output, tape } = this.#forward();
      followed =
        this.#outputs === null
          ? this.#report(this.#finishEagerly(output, tape))
          : this.#takeOver(this.#outputs);
      return followed;
    } finally {
      this.#engine.endScope(followed?.kind === "replayed" ? followed.tensors : followed?.result.tensors);
      this.#recording?.stop();
      this.#preview?.dispose();
      this.#shadow.dispose();
    }
  }

  /** Runs the forward pass. On a match it runs the graph, then the deferred kernels unless the graph replaces them. */
  #forward(): { readonly output: Tensor | undefined; readonly tape: TapeNode[] | null } {
    const { interception } = this.#tracing;
    const isDifferentiated = this.#step.params !== null;
    if (isDifferentiated) this.#engine.startTape();
    this.#engine.startScope("forward pass");
    let output: Tensor | undefined;
    try {
      interception.active = this.#shadow;
      output = this.#step.forward();
      this.#match = this.#shadow.finish(output);
      interception.active = null;
      if (this.#match === null) this.#recording?.endForward(output);
      else if (!this.#runGraph(this.#match)) this.#shadow.carryOut();
      return { output, tape: this.#engine.state.activeTape };
    } catch (error) {
      if (interception.active !== null) this.#shadow.diverge("it throws");
      for (const { saved } of (isDifferentiated ? this.#engine.state.activeTape : null) ?? [])
        for (const tensor of saved) tensor.dispose();
      throw error;
    } finally {
      interception.active = null;
      this.#engine.endScope(output);
      if (isDifferentiated) this.#engine.endTape();
    }
  }

  /** Runs the rest of the step eagerly, after the forward pass. */
  #finishEagerly(output: Tensor | undefined, tape: TapeNode[] | null): StepResult<Notes> {
    const recording = this.#recording;
    const params = this.#step.params ?? [];
    // The parameters to differentiate by are chosen before the forward pass, which may change `trainable`.
    const flags = params.map(({ trainable }) => trainable);
    setTrainable(params, this.#trainable);
    return runEagerly(this.#step, {
      forward: () => {
        setTrainable(params, flags);
        // Differentiating starts an empty tape, but the forward pass has run already: use its tape.
        if (this.#step.params !== null) this.#engine.state.activeTape = tape;
        return output;
      },
      ...(recording === null ? {} : { scalars: () => recording.scalars() }),
    });
  }

  /** Takes over the outcome of the graph. */
  #takeOver(outputs: readonly TensorMetadata[]): Followed<Notes> {
    const { path, values } = this.#matched();
    if (this.#step.params !== null) this.#engine.state.activeTape = null;
    const tensors = path.takeOver(this.#step, values, outputs);
    this.#shadow.keepMade();
    return { kind: "replayed", path, tensors };
  }

  /** Reports a call that ran eagerly. */
  #report(result: StepResult<Notes>): Followed<Notes> {
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

  /** Runs the graph of the matching path; returns whether its outcome replaces the kernels. */
  #runGraph({ values }: MatchedCall): boolean {
    const { path } = this.#matched();
    const { isCheckDue } = path;
    try {
      if (isCheckDue) this.#preview = path.preview(this.#step, values);
      else this.#outputs = path.run(this.#step, values);
    } catch (error) {
      // The eager step would update some parameters a second time.
      if (!isCheckDue && path.isInterrupted) throw error;
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
