// Fits a model of 50 million weights, or searches its rate, and prints what the process held at most and wrote; see measureMemory.ts.
import * as tf from "@tensorflow/tfjs";
import { adam, Module, prepareRuntime, sgd, Trainer, type Batch } from "fulmine";
import { readFileSync } from "node:fs";

const SIDE = 7072;
const STEPS = 20;
const [, , what, optimizer] = process.argv;

class Large extends Module {
  readonly weight: tf.Variable = tf.tidy(() => tf.variable(tf.zeros([SIDE, SIDE])));

  trainingStep({ xs, ys }: Batch): tf.Tensor {
    return tf.losses.meanSquaredError(ys, tf.matMul(xs as tf.Tensor2D, this.weight as tf.Tensor2D));
  }

  configureOptimizers() {
    return optimizer === "adam" ? adam({ lr: 1e-6 }) : sgd({ lr: 1e-6 });
  }
}

await prepareRuntime("native");
const trainer = new Trainer({
  ...{ seed: 1, maxSteps: STEPS, logger: false, numSanityValSteps: 0 },
  ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
});
const batch = { xs: tf.ones([4, SIDE]), ys: tf.ones([4, SIDE]) };
const train = Array.from({ length: STEPS }, () => batch);
const written = numberIn("/proc/self/io", /^write_bytes: (\d+)/m);
if (what === "search") await trainer.findLr(new Large(), { train }, { numTraining: STEPS });
else await trainer.fit(new Large(), { train });
console.log(
  JSON.stringify({
    peak: (1024 * numberIn("/proc/self/status", /VmHWM:\s+(\d+)/)) / (4 * SIDE ** 2),
    written: (numberIn("/proc/self/io", /^write_bytes: (\d+)/m) - written) / 2 ** 20,
  }),
);

function numberIn(file: string, pattern: RegExp): number {
  return Number(pattern.exec(readFileSync(file, "utf8"))?.[1]);
}
