import { add, mul, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import type { Optimizer } from "../optim/optimizer.js";
import type { PlannedStep } from "../optim/plannedStep.js";
import type { Run } from "../run/run.js";
import { replaceMathRandom } from "../random/seeded.js";
import { lossAndGradients } from "../step/gradients.js";
import { requireKnownVariables } from "./requireKnownVariables.js";
import type { StepFunction } from "../step/stepFunction.js";

/** Accumulated gradients by parameter, already divided by `accumulateGradBatches`. */
export type AccumulatedGradients = ReadonlyMap<Variable, Tensor>;

/** The parts of a backward step. */
export interface BackwardInput {
  /** The step's name in messages. */
  readonly name: string;
  /** The forward pass: the module's JavaScript. */
  readonly loss: () => Scalar;
  /** The parameters to differentiate by. */
  readonly params: readonly Variable[];
  /** The gradients accumulated so far. */
  readonly accumulated: AccumulatedGradients;
  /** The optimizers' step to include; `null` when it is not due, or when it must run separately. */
  readonly planned: PlannedStep | null;
}

/** The meaning of a backward step's tensors: the loss comes first, then the next slots or the gradients. */
export interface BackwardNotes {
  /** The parameters that the loss depends on. */
  readonly reached: readonly Variable[];
  /** Whether the optimizers have stepped. If so, the tensors after the loss are slots; otherwise they are gradients. */
  readonly isStepped: boolean;
}

/**
 * Makes the step function of one batch: forward and backward pass and accumulation.
 *
 * With a plan it also clips the gradients and steps the optimizers.
 */
export function backwardStep<B>(run: Run<B>, input: BackwardInput): StepFunction<BackwardNotes> {
  const { module, state, clipping, detectAnomaly } = run;
  const { name, loss, params, accumulated, planned } = input;
  const { accumulateGradBatches } = state;
  const trainable = params.filter((param) => param.trainable);
  return {
    name,
    module,
    guards: [
      ...[accumulateGradBatches, clipping?.limit, clipping?.algorithm, accumulated.size, trainable.length],
      ...accumulated.keys(),
      ...trainable,
      ...(planned?.guards ?? []),
    ],
    inputs: [...accumulated.values()],
    donated: planned?.slots ?? [],
    scalars: planned?.scalars ?? [],
    params,
    forward() {
      const restore = replaceMathRandom(state.random);
      try {
        return loss();
      } finally {
        restore();
      }
    },
    run({ scalars, forward }) {
      const result = lossAndGradients(() => requireKnownVariables(forward() as Scalar, run), params, {
        random: state.random,
        detectAnomaly,
      });
      const gradients = accumulate(accumulated, result.gradients, accumulateGradBatches);
      const reached = [...gradients.keys()];
      const isStepped = planned !== null && isSame(planned.params, reached);
      const results = isStepped
        ? planned.apply(clipping?.clip(gradients) ?? gradients, scalars())
        : gradients.values();
      return {
        // A kept loss belongs to the user. The caller disposes the tensors that it gets, so it gets a clone.
        tensors: [result.loss.kept ? result.loss.clone() : result.loss, ...results],
        notes: { reached, isStepped },
        graphBreak:
          planned === null || isStepped ? null : "the loss depends on other parameters than at the last step",
      };
    },
  };
}

function accumulate(
  before: AccumulatedGradients,
  gradients: AccumulatedGradients,
  accumulateGradBatches: number,
): AccumulatedGradients {
  if (before.size === 0 && accumulateGradBatches === 1) return gradients;
  const accumulated = new Map(before);
  for (const [param, gradient] of gradients) {
    const share = mul(gradient, 1 / accumulateGradBatches);
    const sum = before.get(param);
    accumulated.set(param, sum === undefined ? share : add(sum, share));
  }
  return accumulated;
}

function isSame(planned: readonly Variable[], reached: readonly Variable[]): boolean {
  return planned.length === reached.length && new Set([...planned, ...reached]).size === reached.length;
}

/** Steps one optimizer after `onBeforeOptimizerStep`; with `detectAnomaly` it then checks the variables. */
export async function stepOptimizer<B>(
  { hooks, variables, detectAnomaly }: Run<B>,
  optimizer: Optimizer,
  gradients: ReadonlyMap<Variable, Tensor>,
): Promise<void> {
  await hooks.call("onBeforeOptimizerStep", optimizer);
  optimizer.step(gradients);
  detectAnomaly?.checkVariables(variables.trainable);
}
