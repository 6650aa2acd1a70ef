import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, adamw, Module, sgd, Trainer, type Batch, type Optimizer } from "@fulmine/core";
import { oracle } from "../support/oracle.js";

interface SweepOracle {
  readonly task: {
    readonly x: number[];
    readonly y: number[];
    readonly xShape: [number, number];
    readonly classes: number;
    readonly batchSize: number;
    readonly xVal: number[];
    readonly yVal: number[];
    readonly kernels: Record<"w1" | "b1" | "w2" | "b2", number[]>;
    readonly hidden: number;
  };
  readonly sweeps: readonly {
    readonly peer: "lightning" | "fastai" | "torch-lr-finder";
    readonly optimizer: string;
    readonly options: {
      readonly smooth_f?: number;
      readonly accumulation_steps?: number;
      readonly accumulate_grad_batches?: number;
      readonly val?: boolean;
    };
    readonly lr: number[];
    readonly loss: number[];
  }[];
}

const { task, sweeps } = oracle<SweepOracle>("sweeps");
const [rows, width] = task.xShape;

const makers: Record<string, () => Optimizer> = {
  sgd: () => sgd({ lr: 1 }),
  momentum: () => sgd({ lr: 1, momentum: 0.9 }),
  adam: () => adam({ lr: 1 }),
  adamw: () => adamw({ lr: 1 }),
};

/** The net of the reference data: two dense layers with its very weights. */
class Net extends Module {
  readonly weights = {
    w1: tf.variable(tf.tensor2d(task.kernels.w1, [width, task.hidden])),
    b1: tf.variable(tf.tensor1d(task.kernels.b1)),
    w2: tf.variable(tf.tensor2d(task.kernels.w2, [task.hidden, task.classes])),
    b2: tf.variable(tf.tensor1d(task.kernels.b2)),
  };

  constructor(private readonly optimizer: Optimizer) {
    super();
  }

  trainingStep({ xs, ys }: Batch): tf.Tensor {
    const { w1, b1, w2, b2 } = this.weights;
    const hidden = tf.relu(tf.add(tf.matMul(xs as tf.Tensor2D, w1 as tf.Tensor2D), b1));
    const logits = tf.add(tf.matMul(hidden as tf.Tensor2D, w2 as tf.Tensor2D), b2);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), task.classes), logits);
  }

  override validationStep(batch: Batch): tf.Tensor {
    return this.trainingStep(batch);
  }

  configureOptimizers(): Optimizer {
    return this.optimizer;
  }
}

function batchesOf(x: number[], y: number[], size: number): Batch[] {
  return Array.from({ length: y.length / size }, (_, at) => ({
    xs: tf.tensor2d(x.slice(at * size * width, (at + 1) * size * width), [size, width]),
    ys: tf.tensor1d(y.slice(at * size, (at + 1) * size), "int32"),
  }));
}

/** Each peer's own running mean, with its quirks: Lightning corrects its bias by one step too many. */
const smoothers: Record<string, (options: { smooth_f?: number }) => (loss: number, rung: number) => number> =
  {
    "torch-lr-finder": ({ smooth_f = 0.05 }) => {
      let mean = NaN;
      return (loss, rung) => (mean = rung === 0 ? loss : smooth_f * loss + (1 - smooth_f) * mean);
    },
    lightning: () => {
      let mean = 0;
      return (loss, rung) => (mean = 0.98 * mean + 0.02 * loss) / (1 - 0.98 ** (rung + 2));
    },
    fastai: () => {
      let mean = 0;
      return (loss, rung) => (mean = 0.98 * mean + 0.02 * loss) / (1 - 0.98 ** (rung + 1));
    },
  };

describe("a sweep's losses are those of the peers, rung by rung", () => {
  const train = batchesOf(task.x.slice(0, rows * width), task.y, task.batchSize);
  const val = batchesOf(task.xVal, task.yVal, task.batchSize);
  for (const [index, sweep] of sweeps.entries()) {
    test(`${index}: ${sweep.peer}, ${sweep.optimizer}, ${JSON.stringify(sweep.options)}`, async () => {
      const { accumulation_steps, accumulate_grad_batches, val: isValidated = false } = sweep.options;
      const trainer = new Trainer({
        enableProgressBar: false,
        accumulateGradBatches: accumulation_steps ?? accumulate_grad_batches ?? 1,
      });
      const make = makers[sweep.optimizer];
      if (make === undefined) throw new Error(`no optimizer ${sweep.optimizer}`);
      const losses = await trainer.isolated(new Net(make()), { train, val }, async (trial) => {
        const measured: number[] = [];
        for (const lr of sweep.lr) {
          for (const optimizer of trial.optimizers) optimizer.lr = lr;
          const loss = await trial.step();
          measured.push(isValidated ? await trial.validate() : loss);
        }
        return measured;
      });
      const smooth = smoothers[sweep.peer]?.(sweep.options);
      const smoothed = losses.map((loss, rung) => smooth?.(loss, rung) ?? NaN);
      let lowest = Infinity;
      let compared = 0;
      for (const [rung, expected] of sweep.loss.entries()) {
        lowest = Math.min(lowest, expected);
        // Past this, chaos amplifies rounding.
        if (
          !(expected <= 3 * lowest) ||
          !((losses[rung] ?? NaN) <= 3 * Math.min(...losses.slice(0, rung + 1)))
        )
          break;
        expect(Math.abs((smoothed[rung] ?? NaN) / expected - 1), `rung ${rung}`).toBeLessThan(1e-4);
        compared += 1;
      }
      expect(compared).toBeGreaterThan(15);
    });
  }
});
