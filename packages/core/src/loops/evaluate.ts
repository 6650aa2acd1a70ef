import { dispose, type Scalar } from "@tensorflow/tfjs-core";
import { batchSizeOf } from "../tensors/batch.js";
import type { BatchSource } from "../data/sources/batchSource.js";
import { impatient } from "./data/impatient.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Metrics } from "../loggers/logger.js";
import { withMathRandom } from "../random/seeded.js";
import { optionalLossOf } from "../step/lossOf.js";
import type { Run } from "../run/run.js";

/** The result of a pass over held-out data. */
export interface Evaluation {
  /** The means of the logged metrics. */
  readonly metrics: Metrics;
  /** The mean of the returned losses, weighted by batch size; `null` if the step returned none. */
  readonly loss: number | null;
}

/** The part of the hooks' names, by stage. */
const names = { validate: "Validation", test: "Test" } as const;

/**
 * Evaluates a module on one pass over held-out data.
 *
 * @param log - Logs the means before the last hook, which may make a checkpoint.
 * @throws FulmineError `EMPTY_DATA` when the pass has no batch.
 */
export async function evaluate<B>(
  run: Run<B>,
  data: BatchSource<B>,
  kind: keyof typeof names,
  log?: (metrics: Metrics) => Promise<void>,
): Promise<Evaluation> {
  const { hooks, state, signal } = run;
  const name = names[kind];
  const step = kind === "test" ? "testStep" : "validationStep";
  await hooks.call(`on${name}Start`);
  await hooks.call(`on${name}EpochStart`);
  const reader = impatient(data.open(state.random), run, () => signal.aborted);
  let batchIdx = 0;
  let sum = 0;
  let weight = 0;
  try {
    while (!signal.aborted) {
      const batch = await reader.next();
      if (batch === undefined) break;
      try {
        await hooks.call(`on${name}BatchStart`, batch.value, batchIdx);
        const size = batchSizeOf(batch.value);
        state.metrics.beginStep(kind, size);
        const loss = await scoreBatch(run, step, batch.value, batchIdx);
        if (loss !== null) {
          sum += size * loss;
          weight += size;
        }
        await hooks.call(`on${name}BatchEnd`, batch.value, batchIdx);
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
  const metrics = await state.metrics.closeEpoch(kind, () => hooks.call(`on${name}EpochEnd`));
  await log?.(metrics);
  await hooks.call(`on${name}End`);
  return { metrics, loss: weight === 0 ? null : sum / weight };
}

async function scoreBatch<B>(
  { module, state, runner }: Run<B>,
  step: "validationStep" | "testStep",
  batch: B,
  batchIdx: number,
): Promise<number | null> {
  const score = (): Scalar | undefined => optionalLossOf(module[step]?.(batch, batchIdx), step);
  const { tensors } = runner.run({
    name: step === "testStep" ? "test step" : "validation step",
    module,
    ...{ guards: [], inputs: [], donated: [], scalars: [], params: null },
    forward: () => withMathRandom(state.random, score),
    run({ forward }) {
      const loss = forward();
      return { tensors: loss === undefined ? [] : [loss.clone()], notes: null, graphBreak: null };
    },
  });
  const value = (await tensors[0]?.data())?.[0] ?? null;
  dispose([...tensors]);
  await state.metrics.readBack();
  if (value !== null) state.metrics.recordLoss(value);
  return value;
}
