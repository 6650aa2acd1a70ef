import { scalar, tidy, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";

/** The outcome of a step function. */
export interface StepResult<Notes> {
  /** New tensors; the caller disposes them. */
  readonly tensors: readonly Tensor[];
  /** What the tensors mean, as plain data. */
  readonly notes: Notes;
  /** Why the step can't be compiled, although its forward pass could be; `null` when nothing is known against it. */
  readonly graphBreak: string | null;
}

/** The means by which a runner lets a step function run. */
export interface StepContext {
  /** Runs the forward pass, or gives the result of one that has run; called once. */
  readonly forward: () => Tensor | undefined;
  /** The step's scalars as float32 tensors; called once, after the forward pass. */
  readonly scalars: () => readonly Scalar[];
}

/**
 * One call of a step: the module's forward pass, and the computation that the Trainer adds to it.
 *
 * A {@link StepRunner} may replace kernels, but runs the forward pass's JavaScript at every call. The rest is a function of
 * the forward pass's kernels and of everything that is listed here.
 */
export interface StepFunction<Notes> {
  /** The step's name in messages, e.g. `"training step"`. */
  readonly name: string;
  /** The module that the step belongs to. */
  readonly module: object;
  /** Values that decide which kernels follow the forward pass; equal values mean the same kernels. */
  readonly guards: readonly unknown[];
  /** Tensors that are used after the forward pass: accumulated gradients. */
  readonly inputs: readonly Tensor[];
  /** Tensors that the step uses up: result `1 + i` takes the place of tensor `i`, and may be the same tensor. */
  readonly donated: readonly Tensor[];
  /** Numbers that are used after the forward pass, as float32 scalars. */
  readonly scalars: readonly number[];
  /** The parameters that the loss is differentiated by, as far as they are trainable; `null` where it is not. */
  readonly params: readonly Variable[] | null;
  /** The forward pass, the module's own JavaScript: gives the loss, and must run exactly once. */
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
 * @param context - The forward pass and the scalars, where they are not the step's own.
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
export const eagerRunner: StepRunner = { run: (step) => runEagerly(step), end: () => undefined };
