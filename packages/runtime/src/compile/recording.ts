import type { StepFunction, StepResult } from "@fulmine/core/plugin";
import { engine, scalar, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { GraphBuilder, type StepGraph } from "./graph/graphBuilder.js";
import { recordOperations } from "./graph/recordOperations.js";
import { type NativeBackend, idOf } from "./tensorflow/nativeBackend.js";
import type { Interception } from "./trace/interception.js";
import { Recorder } from "./trace/recorder.js";
import type { Trace } from "./trace/trace.js";
import { ValueNumbers } from "./trace/valueNumbers.js";

/** A recorded call of a step, or the reason why it can't be compiled. */
export type Recorded =
  | { readonly trace: Trace; readonly graph: StepGraph; readonly graphBreak: null }
  | { readonly graphBreak: string };

/** The backend and the interception that tracing uses. */
export interface Tracing {
  readonly backend: NativeBackend;
  readonly interception: Interception;
}

/** Records one call of a step while it runs eagerly: the forward pass as a trace, the whole step as a graph. */
export class Recording {
  /** Records the forward pass. */
  readonly recorder: Recorder;
  readonly #builder: GraphBuilder;
  readonly #step: StepFunction<unknown>;
  readonly #stop: () => void;
  #trace: Trace | null = null;

  /** @param values - The value numbers of a forward pass that has already begun. */
  constructor(
    { backend, interception }: Tracing,
    step: StepFunction<unknown>,
    values: ValueNumbers = new ValueNumbers(),
  ) {
    const variables = Object.values(engine().registeredVariables);
    separateVariables(backend, variables);
    this.#step = step;
    this.#builder = new GraphBuilder(backend, { inputs: step.inputs, donated: step.donated, variables });
    this.recorder = new Recorder(interception, this.#builder, values);
    this.#stop = recordOperations(backend, this.#builder, () => interception.active !== null);
  }

  /** Makes the step's scalars, and offers them to the graph. */
  scalars(): readonly Scalar[] {
    const scalars = this.#step.scalars.map((value) => scalar(value));
    this.#builder.offerScalars(scalars);
    return scalars;
  }

  /** Ends the forward pass, and takes its trace. */
  endForward(output: Tensor | undefined): void {
    this.#trace = this.recorder.trace(output);
  }

  /** Returns the recorded call; call it once the step has run and before {@link Recording.stop}. */
  finish({ tensors, graphBreak }: StepResult<unknown>): Recorded {
    const trace = this.#trace;
    const known = this.recorder.graphBreak ?? graphBreak ?? this.#builder.graphBreak;
    if (known !== null || trace === null) return { graphBreak: known ?? "it has no forward pass" };
    // The tensors that a gradient saved are kept too; the backward pass has disposed them by now.
    const kept = trace.kept.map((number) => [number, this.recorder.tensorOf(number)] as const);
    this.#builder.noteResults(tensors, new Map(kept.filter(([, tensor]) => !tensor.isDisposed)));
    const late = this.#builder.graphBreak;
    return late === null ? { trace, graph: this.#builder.build(), graphBreak: null } : { graphBreak: late };
  }

  /** Stops recording. */
  stop(): void {
    this.#stop();
  }
}

/**
 * Gives each variable that shares its data a tensor number of its own, over the same memory. TensorFlow's numbers then
 * identify the variables. Calling `setWeights` with another model's weights makes variables share data.
 */
function separateVariables(backend: NativeBackend, variables: readonly Variable[]): void {
  const { binding, tensorMap } = backend;
  for (const variable of variables) {
    const { refCount, dtype } = tensorMap.get(variable.dataId);
    if (refCount === 1) continue;
    const type = { name: "T", type: binding.TF_ATTR_TYPE, value: dtype };
    const [output] = binding.executeOp("Identity", [type], [idOf(backend, variable)], 1);
    if (output === undefined) continue;
    const own = backend.createOutputTensor(output);
    variable.assign(own);
    own.dispose();
  }
}
