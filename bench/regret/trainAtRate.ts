import * as tf from "@tensorflow/tfjs";
import { DataLoader, Trainer, type Callback } from "@fulmine/core";
import type { RegretTask } from "./regretTask.js";
import { TaskModule } from "./taskModule.js";

/** The result of training at one constant rate. */
export interface RateRun {
  /** The untrained loss on the held-out part. */
  readonly untrained: number;
  /** The lowest held-out loss, the untrained one included. */
  readonly lowest: number;
  /** The loss of each training step, up to the first that is not finite. */
  readonly losses: readonly (number | null)[];
  /** The held-out loss after every `evalEvery` steps. */
  readonly evals: readonly (number | null)[];
}

/** Trains a task at one rate from one seed, as its `task.json` specifies. */
export async function trainAtRate(
  task: RegretTask,
  seed: number,
  lr: number,
  steps = task.spec.steps,
): Promise<RateRun> {
  const module = new TaskModule(task, seed, lr);
  const val = { xs: toTensor(task.val.xs), ys: toTensor(task.val.ys) };
  const score = (): number =>
    tf.tidy(() => module.validationStep(val).dataSync<"float32">()[0] ?? Number.NaN);
  const untrained = score();
  const losses: number[] = [];
  const evals: number[] = [];
  const observer: Callback = {
    onTrainBatchEnd(trainer, _, { loss }) {
      losses.push(loss);
      if (!Number.isFinite(loss)) trainer.stop();
      else if (losses.length % task.spec.evalEvery === 0) evals.push(score());
    },
  };
  const trainer = new Trainer({ seed, maxSteps: steps, callbacks: [observer], enableProgressBar: false });
  try {
    await trainer.fit(module, { train: loaderOf(task) });
  } finally {
    trainer.dispose();
    module.net.dispose();
    tf.dispose(val);
  }
  const lowest = Math.min(untrained, ...evals.filter((value) => Number.isFinite(value)));
  return { untrained, lowest, losses, evals };
}

/** A task's training data in shuffled batches; the Trainer's seed decides the order. */
export function loaderOf({ train, spec: { batchSize, dropLast } }: RegretTask): DataLoader {
  return new DataLoader(train, { batchSize, dropLast, shuffle: true });
}

/** A task's held-out data in one batch. */
export function valLoaderOf({ val }: RegretTask): DataLoader {
  return new DataLoader(val, { batchSize: val.ys.shape[0] ?? 1 });
}

function toTensor({ values, shape }: RegretTask["val"]["xs"]): tf.Tensor {
  return values instanceof Int32Array
    ? tf.tensor(values, [...shape], "int32")
    : tf.tensor(Float32Array.from(values), [...shape]);
}
