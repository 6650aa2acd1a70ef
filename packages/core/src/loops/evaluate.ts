import { dispose } from "@tensorflow/tfjs-core";
import { batchSizeOf, tensorsOf } from "../batch.js";
import type { BatchSource } from "../data/batchSource.js";
import { FulmineError } from "../fulmineError.js";
import type { Metrics } from "../logging/logger.js";
import type { LoggedValue } from "../logging/metricStore.js";
import { withMathRandom } from "../random/seeded.js";
import { optionalLossOf } from "./lossOf.js";
import { dependenciesOf, observeStep } from "./observedStep.js";
import type { Run } from "./run.js";
import type { StepPiece } from "./stepPiece.js";

/** What came of a pass over held-out data. */
export interface Evaluation {
  /** The means of what the step logged. */
  readonly metrics: Metrics;
  /** The mean of the losses that it returned, weighted by batch size; `null` when it returned none. */
  readonly loss: number | null;
}

/** The names of what belongs to each kind of evaluation. */
const kinds = {
  validate: {
    step: "validationStep",
    start: "onValidationStart",
    end: "onValidationEnd",
    epochStart: "onValidationEpochStart",
    epochEnd: "onValidationEpochEnd",
    batchStart: "onValidationBatchStart",
    batchEnd: "onValidationBatchEnd",
  },
  test: {
    step: "testStep",
    start: "onTestStart",
    end: "onTestEnd",
    epochStart: "onTestEpochStart",
    epochEnd: "onTestEpochEnd",
    batchStart: "onTestBatchStart",
    batchEnd: "onTestBatchEnd",
  },
} as const;

/**
 * Scores one pass over held-out data.
 *
 * @param log - Takes the means before the last hook, which may make a checkpoint.
 * @throws {@link FulmineError} `EMPTY_DATA` when the pass has no batch.
 */
export async function evaluate<B>(
  run: Run<B>,
  data: BatchSource<B>,
  kind: keyof typeof kinds,
  log?: (metrics: Metrics) => Promise<void>,
): Promise<Evaluation> {
  const { hooks, state, signal } = run;
  const names = kinds[kind];
  await hooks.call(names.start);
  await hooks.call(names.epochStart);
  const reader = data.open(state.random);
  let batchIdx = 0;
  let sum = 0;
  let weight = 0;
  try {
    while (!signal.aborted) {
      const batch = await reader.next();
      if (batch === undefined) break;
      try {
        await hooks.call(names.batchStart, batch.value, batchIdx);
        const size = batchSizeOf(batch.value);
        state.metrics.beginStep(kind, size);
        const loss = await scoreBatch(run, names.step, batch.value, batchIdx);
        if (loss !== null) {
          sum += size * loss;
          weight += size;
        }
        await hooks.call(names.batchEnd, batch.value, batchIdx);
      } finally {
        batch.release();
      }
      batchIdx += 1;
      await run.breathe();
    }
    if (batchIdx === 0 && !signal.aborted) {
      throw new FulmineError("EMPTY_DATA", `The data to ${kind} gave no batch.`, {
        todo: "Check the data source: it ended at once.",
      });
    }
  } finally {
    state.metrics.discard();
    await reader.close();
  }
  const metrics = await state.metrics.closeEpoch(kind, () => hooks.call(names.epochEnd));
  await log?.(metrics);
  await hooks.call(names.end);
  return { metrics, loss: weight === 0 ? null : sum / weight };
}

async function scoreBatch<B>(
  run: Run<B>,
  step: "validationStep" | "testStep",
  batch: B,
  batchIdx: number,
): Promise<number | null> {
  const { state, runner } = run;
  const { tensors, notes } = runner.run(scorePiece(run, step, batch, batchIdx));
  const losses = tensors.slice(0, tensors.length - notes.loggedTensors);
  state.metrics.take(notes.logged, tensors.slice(losses.length));
  const value = (await losses[0]?.data())?.[0] ?? null;
  dispose(losses);
  await state.metrics.settle();
  return value;
}

interface ScoreNotes {
  readonly logged: readonly LoggedValue[];
  /** How many logged values are tensors; they come last. */
  readonly loggedTensors: number;
}

function scorePiece<B>(
  run: Run<B>,
  step: "validationStep" | "testStep",
  batch: B,
  batchIdx: number,
): StepPiece<ScoreNotes> {
  const { module, state } = run;
  return {
    name: step === "testStep" ? "test step" : "validation step",
    module,
    inputs: tensorsOf(batch),
    renewed: [],
    scalars: [],
    fixed: dependenciesOf(run, step, batch, batchIdx),
    random: state.random,
    run(_, random) {
      const { result, logged, loggedTensors, signature, refusal } = observeStep(run, () =>
        withMathRandom(random, () => optionalLossOf(module[step]?.(batch, batchIdx), step)),
      );
      const losses = result === undefined ? [] : [result.clone()];
      return {
        tensors: [...losses, ...loggedTensors],
        notes: { logged, loggedTensors: loggedTensors.length },
        signature: `${signature} ${losses.length}`,
        refusal,
      };
    },
  };
}
