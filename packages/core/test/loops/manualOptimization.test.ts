import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  exponentialLr,
  Module,
  sgd,
  Trainer as CoreTrainer,
  seeded,
  type Optimizer,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, seed: 1 } as const;

/** Two players: one makes numbers around 4 of noise, the other tells them from true ones. */
class Gan extends Module<{ lr: number }, tf.Tensor2D> {
  override readonly automaticOptimization: boolean = false;
  readonly generator = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  readonly discriminator = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [1], units: 8, activation: "tanh" }),
      tf.layers.dense({ units: 1 }),
    ],
  });

  protected fakes(count: number): tf.Tensor2D {
    return this.generator.apply(tf.randomNormal([count, 2])) as tf.Tensor2D;
  }

  protected judge(samples: tf.Tensor, truth: number): tf.Tensor {
    const logits = this.discriminator.apply(samples) as tf.Tensor2D;
    return tf.losses.sigmoidCrossEntropy(tf.fill(logits.shape, truth), logits);
  }

  override async trainingStep(real: tf.Tensor2D): Promise<tf.Tensor> {
    const [generator, discriminator] = this.optimizers() as [Optimizer, Optimizer];
    const telling = this.manualBackward(
      () => tf.add(this.judge(real, 1), this.judge(this.fakes(real.shape[0]), 0)),
      discriminator,
    );
    await this.manualStep(discriminator, telling.gradients);
    this.log("d_loss", telling.loss, { onEpoch: true });

    const making = this.manualBackward(() => this.judge(this.fakes(real.shape[0]), 1), generator);
    await this.manualStep(generator, making.gradients);
    this.log("g_loss", making.loss);
    return making.loss;
  }

  override predictStep(real: tf.Tensor2D): tf.Tensor {
    return this.fakes(real.shape[0]);
  }

  override configureOptimizers(): OptimizerConfig {
    const of = (net: tf.Sequential) => {
      const params = net.trainableWeights.map((weight) => weight.read() as tf.Variable);
      // β₁ = 0.5 keeps the players from circling (Radford et al. 2016), whatever the seed.
      return adam({ lr: this.hparams.lr, betas: [0.5, 0.999], groups: [{ params }] });
    };
    return [of(this.generator), of(this.discriminator)];
  }
}

const makeGan = (): Gan => seeded(3, () => new Gan({ lr: 0.02 }));
const weightsOf = ({ generator, discriminator }: Gan): number[][] =>
  [generator, discriminator].flatMap((net) => net.getWeights().map((weight) => [...weight.dataSync()]));

/** The same ten batches of numbers around 4, made for one test and freed after it. */
async function withReals<T>(run: (reals: tf.Tensor2D[]) => Promise<T>): Promise<T> {
  const reals = Array.from({ length: 10 }, (_, seed) =>
    tf.randomNormal<tf.Rank.R2>([16, 1], 4, 0.5, "float32", seed + 1),
  );
  try {
    return await run(reals);
  } finally {
    tf.dispose(reals);
  }
}

describe("a GAN with manual optimization", () => {
  test("trains both players, one step each per batch, and leaks nothing", async () => {
    await withReals(async (train) => {
      const model = makeGan();
      const before = weightsOf(model);
      const counts = new Set<number>();
      const trainer = new Trainer({
        ...{ ...quiet, maxEpochs: 30 },
        callbacks: [
          {
            onTrainBatchEnd: ({ globalStep }) => void (globalStep > 2 && counts.add(tf.memory().numTensors)),
          },
        ],
      });
      const tensors = tf.memory().numTensors;
      const { steps, metrics } = await trainer.fit(model, { train });
      expect(steps).toBe(2 * 10 * 30);
      expect(counts.size).toBe(1);
      for (const [index, weights] of weightsOf(model).entries()) expect(weights).not.toEqual(before[index]);
      expect(Object.keys(metrics).sort()).toEqual(["d_loss", "d_loss_epoch", "d_loss_step", "g_loss"]);

      const made = await trainer.predict(model, train);
      const mean = tf.tidy(() => tf.mean(tf.concat(made as tf.Tensor2D[])).dataSync()[0] ?? NaN);
      tf.dispose(made);
      expect(Math.abs(mean - 4)).toBeLessThan(1);
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });

  test("leaves a loss that it keeps, and frees the others after the step", async () => {
    await withReals(async (train) => {
      const made: tf.Tensor[] = [];
      class Keeping extends Gan {
        override manualBackward(
          ...args: Parameters<Gan["manualBackward"]>
        ): ReturnType<Gan["manualBackward"]> {
          const result = super.manualBackward(...args);
          made.push(made.length === 0 ? tf.keep(result.loss) : result.loss);
          return result;
        }
      }
      await new Trainer({ ...quiet, maxEpochs: 1 }).fit(new Keeping({ lr: 0.02 }), { train });
      expect(made.map(({ isDisposed }) => isDisposed)).toEqual(made.map((_, index) => index > 0));
      tf.dispose(made);
    });
  });

  test("repeats with the same seed, noise and all", async () => {
    await withReals(async (train) => {
      const run = async (seed: number): Promise<number[][]> => {
        const model = makeGan();
        await new Trainer({ ...quiet, seed, maxEpochs: 2 }).fit(model, { train });
        return weightsOf(model);
      };
      expect(await run(1)).toEqual(await run(1));
      expect(await run(1)).not.toEqual(await run(2));
    });
  });

  test("can have the rate of one player found, and is as it was after it", async () => {
    await withReals(async (train) => {
      const model = makeGan();
      const before = weightsOf(model);
      const trainer = new Trainer(quiet);
      const tensors = tf.memory().numTensors;
      const found = await trainer.findLr(model, { train }, { optimizer: 0, numTraining: 40 });
      expect(found.results.lr.length).toBeGreaterThan(5);
      expect(found.results.loss.every(Number.isFinite)).toBe(true);
      expect(weightsOf(model)).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
      await expect(trainer.findLr(model, { train })).rejects.toThrow("The module has 2 optimizers");
    });
  });

  test("ends at maxSteps after a whole batch, and sends its metrics to the loggers in time", async () => {
    await withReals(async (train) => {
      const steps: number[] = [];
      const logger = {
        logMetrics: (_: object, step: number) => void steps.push(step),
        logHyperparams: () => undefined,
      };
      const trainer = new Trainer({ ...quiet, maxSteps: 13, logEveryNSteps: 5, logger });
      expect((await trainer.fit(makeGan(), { train })).steps).toBe(14);
      // Two steps at once may pass a multiple of 5 without standing on it.
      expect(steps.slice(0, 2)).toEqual([6, 10]);
    });
  });

  test("hears onBeforeOptimizerStep with each optimizer", async () => {
    await withReals(async (train) => {
      const heard: number[] = [];
      const trainer = new Trainer({
        ...{ ...quiet, maxSteps: 2 },
        callbacks: [
          {
            onBeforeOptimizerStep: ({ optimizers }, _, optimizer) =>
              void heard.push(optimizers.indexOf(optimizer)),
          },
        ],
      });
      await trainer.fit(makeGan(), { train });
      expect(heard).toEqual([1, 0]);
    });
  });
});

describe("manual optimization", () => {
  class Line extends Module<object, number> {
    override readonly automaticOptimization: boolean = false;
    readonly w = tf.variable(tf.scalar(1));
    override trainingStep(slope: number): Promise<void> | void {
      const [optimizer] = this.optimizers() as [Optimizer];
      const { loss, gradients } = this.manualBackward(() => tf.mul(this.w, slope), optimizer);
      loss.dispose();
      return this.manualStep(optimizer, gradients);
    }
    override configureOptimizers(): OptimizerConfig {
      return { optimizer: sgd({ lr: 0.5 }), schedule: exponentialLr({ gamma: 0.5 }), interval: "step" };
    }
  }

  test("may return no loss, and then moves its schedules itself", async () => {
    const still = new Line();
    await new Trainer({ ...quiet, maxEpochs: 1 }).fit(still, { train: [1, 2] });
    expect(still.w.dataSync()[0]).toBe(1 - 0.5 * 1 - 0.5 * 2);

    class Moving extends Line {
      override async trainingStep(slope: number): Promise<void> {
        await super.trainingStep(slope);
        for (const scheduler of this.lrSchedulers()) scheduler.step();
      }
    }
    const moving = new Moving();
    await new Trainer({ ...quiet, maxEpochs: 1 }).fit(moving, { train: [1, 2] });
    expect(moving.w.dataSync()[0]).toBe(1 - 0.5 * 1 - 0.25 * 2);
  });

  test("may let no optimizer step, which counts none", async () => {
    class Idle extends Line {
      override trainingStep(): void {
        this.log("idle", 1);
      }
    }
    expect(await new Trainer({ ...quiet, maxEpochs: 2 }).fit(new Idle(), { train: [1] })).toMatchObject({
      ...{ steps: 0, epochs: 2, metrics: { idle: 1 } },
    });
  });

  test("may move its schedules in hooks, whose moves leave no trace of a search", async () => {
    class Hooked extends Line {
      override onTrainBatchEnd(): void {
        for (const scheduler of this.lrSchedulers()) scheduler.step();
      }
      override onTrainEpochEnd(): void {
        for (const optimizer of this.optimizers()) this.log("lr", optimizer.lr);
      }
    }
    const model = new Hooked();
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    await trainer.findLr(model, { train: [1, 2] }, { numTraining: 10 });
    const { metrics } = await trainer.fit(model, { train: [1, 2] });
    expect(model.w.dataSync()[0]).toBe(1 - 0.5 * 1 - 0.25 * 2);
    expect(metrics).toEqual({ lr: 0.125 });
  });

  test("has its optimizers and schedules, and steps, only while it is trained", () => {
    const idle = new Line();
    expect(() => idle.optimizers()).toThrow("has optimizers and schedules only while it is trained");
    expect(() => idle.lrSchedulers()).toThrow("in a hook from `onFitStart` to `onFitEnd`");
    expect(() => idle.manualBackward(() => idle.w, sgd({ lr: 1 }))).toThrow("only within `trainingStep`");
  });

  test.each<[string, TrainerOptions]>([
    ["gradientClipVal", { gradientClipVal: 1 }],
    ["accumulateGradBatches", { accumulateGradBatches: 2 }],
    ["accumulateGradBatches", { accumulateGradBatches: { 0: 2 } }],
  ])("refuses %s, which would do nothing", async (flag, options) => {
    await expect(new Trainer({ ...quiet, ...options }).fit(new Line(), { train: [1] })).rejects.toThrow(
      `\`${flag}\` does nothing with manual optimization`,
    );
  });

  test("names what is not finite, too", async () => {
    const trainer = new Trainer({ ...quiet, maxEpochs: 1, detectAnomaly: true });
    class Broken extends Line {
      override trainingStep(): Promise<void> | void {
        const [optimizer] = this.optimizers() as [Optimizer];
        this.manualBackward(() => tf.log(tf.sub(this.w, 1)), optimizer);
      }
    }
    await expect(trainer.fit(new Broken(), { train: [1] })).rejects.toThrow("The operation Log gave");
  });
});
