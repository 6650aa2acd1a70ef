import {
  DataLoader,
  FulmineError,
  Module,
  sgd,
  Trainer,
  type Batch,
  type Callback,
  type TrainerView,
} from "@fulmine/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Accelerator, AcceleratorReport } from "../accelerator/acceleratorReport.js";
import { silenceCpuBanner } from "../accelerator/silenceCpuBanner.js";
import { withAccelerator } from "../withAccelerator.js";
import { withCompiledSteps } from "../withCompiledSteps.js";

const INPUTS = 128;
const HIDDEN = 256;
const CLASSES = 10;
const BATCH = 64;
/** The first steps are left out: backends prepare kernels in them, and the runtime records and compares compiled steps. */
const WARM_UP_STEPS = 15;
const FEWEST_STEPS = 8;
const MOST_STEPS = 200;
const MOST_SECONDS = 0.7;

/** A fit that was measured on one accelerator. */
export interface MeasuredFit {
  readonly accelerator: AcceleratorReport["accelerator"];
  /** A description of the network, the batch and the optimizer. */
  readonly task: string;
  /** The median time of a training step, in milliseconds. */
  readonly medianMs: number;
  /** Whether the steps ran compiled, in one call into TensorFlow each. */
  readonly isCompiled: boolean;
}

class MeasuringTrainer extends withCompiledSteps(withAccelerator(Trainer)) {}

/**
 * Fits a small network with a Trainer, as a program does, and measures its steps. The accelerator stays active.
 *
 * @throws FulmineError `UNAVAILABLE` when the accelerator or the gradients of `@tensorflow/tfjs` are not available.
 */
export async function measureFit(accelerator: Accelerator): Promise<MeasuredFit> {
  await loadGradients();
  const module = new Perceptron();
  const ends: number[] = [];
  const clock: Callback = {
    onTrainBatchEnd(trainer: TrainerView) {
      ends.push(performance.now());
      const measured = ends.slice(WARM_UP_STEPS);
      const seconds = ((measured.at(-1) ?? 0) - (measured[0] ?? 0)) / 1000;
      if (measured.length > FEWEST_STEPS && seconds > MOST_SECONDS) trainer.stop();
    },
  };
  const trainer = new MeasuringTrainer({
    accelerator,
    maxSteps: WARM_UP_STEPS + MOST_STEPS + 1,
    callbacks: [clock],
    enableProgressBar: false,
    enableModelSummary: false,
    logger: false,
  });
  try {
    await trainer.fit(module, { train: examples() });
  } finally {
    module.dispose();
  }
  const times = ends.slice(WARM_UP_STEPS + 1).map((end, index) => end - (ends[WARM_UP_STEPS + index] ?? end));
  times.sort((a, b) => a - b);
  return {
    accelerator: trainer.accelerator?.accelerator ?? null,
    task: `${INPUTS}-${HIDDEN}-${CLASSES}, batch ${BATCH}, SGD`,
    medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN,
    isCompiled: trainer.explainCompile().steps.some(({ status }) => status === "compiled"),
  };
}

/** Loads all of tfjs, because tfjs-core alone has no gradients. */
async function loadGradients(): Promise<void> {
  try {
    await import("@tensorflow/tfjs");
    silenceCpuBanner();
  } catch (cause) {
    throw new FulmineError("UNAVAILABLE", "@tensorflow/tfjs is not installed.", {
      todo: "Run `npm install @tensorflow/tfjs`.",
      cause,
    });
  }
}

/** Makes random numbers of a fixed sequence, with classes in turn. */
function examples(): DataLoader {
  const rows = 4 * BATCH;
  const values = Float32Array.from({ length: rows * INPUTS }, (_, index) => Math.sin(index));
  const classes = Int32Array.from({ length: rows }, (_, index) => index % CLASSES);
  return new DataLoader({ xs: { values, shape: [rows, INPUTS] }, ys: classes }, { batchSize: BATCH });
}

/** A network with one hidden layer. */
class Perceptron extends Module<{ lr: number }> {
  readonly hidden = weight(INPUTS, HIDDEN);
  readonly output = weight(HIDDEN, CLASSES);

  constructor() {
    super({ lr: 0.1 });
  }

  trainingStep({ xs, ys }: Batch): tf.Scalar {
    const scores = tf.matMul(tf.relu(tf.matMul(xs, this.hidden)), this.output);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.cast(ys, "int32"), CLASSES), scores);
  }

  configureOptimizers() {
    return sgd({ lr: this.hparams.lr });
  }

  dispose(): void {
    tf.dispose([this.hidden, this.output]);
  }
}

function weight(rows: number, columns: number): tf.Variable {
  return tf.tidy(() => tf.variable(tf.randomUniform([rows, columns], -0.1, 0.1)));
}
