import { add, mul, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { tensorsOf } from "../batch.js";
import type { LoggedValue } from "../logging/metricStore.js";
import type { PlannedStep } from "../optim/plannedStep.js";
import { clipGradients } from "./clipGradients.js";
import { lossAndGradients } from "./gradients.js";
import { lossOf } from "./lossOf.js";
import { dependenciesOf, observeStep } from "./observedStep.js";
import type { Run } from "./run.js";
import type { StepPiece } from "./stepPiece.js";

/** Gradients by parameter, averaged over batches as far as these have come. */
export type Gathered = ReadonlyMap<Variable, Tensor>;

/** What a backward piece is made of. */
export interface BackwardInput<B> {
  readonly batch: B;
  readonly batchIdx: number;
  /** The parameters to differentiate by. */
  readonly params: readonly Variable[];
  /** What is gathered so far. */
  readonly before: Gathered;
  /** The optimizers' step that is to follow at once; `null` when it is not due, or not to be taken in one go. */
  readonly planned: PlannedStep | null;
}

/** What the tensors of a backward piece mean: the loss, then slots or gradients, then logged values. */
export interface BackwardNotes {
  /** The parameters that the loss depends on. */
  readonly reached: readonly Variable[];
  readonly logged: readonly LoggedValue[];
  /** How many logged values are tensors. */
  readonly loggedTensors: number;
  /** Whether the optimizers have stepped, so that the tensors are their slots and not gradients. */
  readonly isStepped: boolean;
}

/** Forward and backward pass on one batch, the gathering of gradients and, when it is due, the optimizers' step. */
export function backwardPiece<B>(run: Run<B>, input: BackwardInput<B>): StepPiece<BackwardNotes> {
  const { module, state, clipping, detectAnomaly } = run;
  const { batch, batchIdx, params, before, planned } = input;
  const step = (): Scalar => lossOf(module.trainingStep(batch, batchIdx), "trainingStep");
  const slots = planned?.slots ?? [];
  const given = [...tensorsOf(batch), ...before.values()];
  return {
    name: planned === null ? "gradients" : "training step",
    module,
    inputs: [...given, ...slots],
    // The loss comes first.
    renewed: slots.map((_, index) => [given.length + index, 1 + index]),
    scalars: planned?.scalars ?? [],
    fixed: [
      ...dependenciesOf(run, "trainingStep", batch, batchIdx),
      ...[before.size, clipping?.limit, clipping?.algorithm],
      ...(planned?.fixed ?? params),
    ],
    random: state.random,
    run(scalars, random) {
      const { result, logged, loggedTensors, signature, refusal } = observeStep(run, () =>
        lossAndGradients(step, params, { random, detectAnomaly }),
      );
      const gathered = gather(before, result.gradients, state.accumulateGradBatches);
      const reached = [...gathered.keys()];
      const isStepped = planned !== null && isSame(planned.params, reached);
      const results = isStepped
        ? planned.apply(clipping === null ? gathered : clipGradients(gathered, clipping), scalars)
        : [...gathered.values()];
      return {
        tensors: [result.loss, ...results, ...loggedTensors],
        notes: { reached, logged, loggedTensors: loggedTensors.length, isStepped },
        signature: `${signature} ${reached.map(({ id }) => id).join(" ")}`,
        refusal: planned === null || isStepped ? refusal : "the gradients reach other parameters than before",
      };
    },
  };
}

function gather(before: Gathered, gradients: Gathered, accumulateGradBatches: number): Gathered {
  if (before.size === 0 && accumulateGradBatches === 1) return gradients;
  const gathered = new Map(before);
  for (const [param, gradient] of gradients) {
    const share = mul(gradient, 1 / accumulateGradBatches);
    const sum = before.get(param);
    gathered.set(param, sum === undefined ? share : add(sum, share));
  }
  return gathered;
}

function isSame(planned: readonly Variable[], reached: readonly Variable[]): boolean {
  return planned.length === reached.length && new Set([...planned, ...reached]).size === reached.length;
}
