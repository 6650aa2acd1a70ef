import * as tf from "@tensorflow/tfjs";
import { Module, sgd, Trainer, type Batch } from "fulmine";
import { readFileSync, writeFileSync } from "node:fs";
import { resultRow, type ResultRow } from "../results/resultTable.js";

/** The task of the rows that tell of memory. */
export const MEMORY_TASK = "50M weights";
const SIDE = 7072;
const WEIGHTS = 4 * SIDE ** 2;

/** How much more memory a search takes at its peak than a fit of as many steps, and what it writes to disk; Linux only. */
export async function searchMemory(): Promise<ResultRow[]> {
  const trainer = new Trainer({
    ...{ seed: 1, maxSteps: 20, logger: false, numSanityValSteps: 0 },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
  });
  const module = new Large();
  const batch = { xs: tf.ones([4, SIDE]), ys: tf.ones([4, SIDE]) };
  const train = Array.from({ length: 20 }, () => batch);
  const extra: number[] = [];
  const written: number[] = [];
  for (let round = 0; round < 4; round++) {
    const fitted = await peakDuring(() => trainer.fit(module, { train }));
    const bytes = bytesWritten();
    const searched = await peakDuring(() => trainer.findLr(module, { train }, { numTraining: 20 }));
    // The first round is the one in which the process grows.
    if (round === 0) continue;
    extra.push((searched - fitted) / WEIGHTS);
    written.push((bytesWritten() - bytes) / 2 ** 20);
  }
  tf.dispose([batch.xs, batch.ys, module.weight]);
  return [
    resultRow(MEMORY_TASK, "extra memory of a search / weights", extra),
    resultRow(MEMORY_TASK, "written to disk by a search, MiB", written),
  ];
}

class Large extends Module {
  readonly weight: tf.Variable = tf.variable(tf.zeros([SIDE, SIDE]));

  trainingStep({ xs, ys }: Batch): tf.Tensor {
    return tf.losses.meanSquaredError(ys, tf.matMul(xs as tf.Tensor2D, this.weight as tf.Tensor2D));
  }

  configureOptimizers() {
    return sgd({ lr: 1e-6 });
  }
}

/** The most memory that the process holds while something runs, in bytes. */
async function peakDuring(run: () => Promise<unknown>): Promise<number> {
  // 5 sets the peak back to what is held now.
  writeFileSync("/proc/self/clear_refs", "5");
  await run();
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}

function bytesWritten(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}
