import { scalar, tidy, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";

/** The outcome of a step function. */
export interface StepResult<Notes> {
  /** The resulting tensors; the caller disposes them. */
  readonly tensors: readonly Tensor[];
  /** The meaning of the tensors, as plain data. */
  readonly notes: Notes;
  /** Why the rest of the step can't be compiled; `null` when no reason is known. */
  readonly graphBreak: string | null;
}

/** The parts of a step that a runner supplies. */
export interface StepContext {
  /** Runs the forward pass, or returns the loss of a forward pass that has already run; called once. */
  readonly forward: () => Tensor | undefined;
  /** The step's scalars as float32 tensors; called once, after the forward pass. */
  readonly scalars: () => readonly Scalar[];
}

/**
 * One call of a step: the module's forward pass, and the rest, which is the computation that the Trainer adds.
 *
 * A {@link StepRunner} may replace kernels, but it runs the forward pass's JavaScript at every call. The kernels of the
 * rest depend only on the forward pass's kernels and on the properties below.
 */
export interface StepFunction<Notes> {
  /** The step's name in messages, e.g. `"training step"`. */
  readonly name: string;
  /** The module that the step belongs to. */
  readonly module: object;
  /** Values that decide which kernels follow the forward pass; equal values mean the same kernels. */
  readonly guards: readonly unknown[];
  /** The tensors that the rest uses: accumulated gradients. */
  readonly inputs: readonly Tensor[];
  /** Tensors that the step consumes: result `1 + i` replaces tensor `i`, and may be the same tensor object. */
  readonly donated: readonly Tensor[];
  /** Numbers that the rest uses as float32 scalars. */
  readonly scalars: readonly number[];
  /** The parameters to differentiate by; frozen ones are skipped. `null` when the step does not differentiate. */
  readonly params: readonly Variable[] | null;
  /** The forward pass: runs the module's JavaScript and returns the loss. It must run exactly once. */
  readonly forward: () => Tensor | undefined;
  /** Runs the whole step. */
  run(context: StepContext): StepResult<Notes>;
}

/** Runs step functions. */
export interface StepRunner {
  /** Runs a step function; the caller disposes the resulting tensors. */
  run<Notes>(step: StepFunction<Notes>): Pick<StepResult<Notes>, "tensors" | "notes">;
  /** Called at the end of a run; frees everything that the runner holds. */
  end(): void;
}

/**
 * Runs a step function kernel by kernel.
 *
 * @param context - Replaces the step's own forward pass or scalars.
 */
export function runEagerly<Notes>(
  step: StepFunction<Notes>,
  context: Partial<StepContext> = {},
): StepResult<Notes> {
  const { forward = step.forward, scalars = () => step.scalars.map((value) => scalar(value)) } = context;
  const results: StepResult<Notes>[] = [];
  tidy(() => {
    const result = step.run({ scalars, forward });
    results.push(result);
    return [...result.tensors];
  });
  return results[0] as StepResult<Notes>;
}

/** The runner of a Trainer without compiled steps. */
export const eagerRunner: StepRunner = { run: runEagerly, end: () => undefined };
