import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  Module,
  Trainer as CoreTrainer,
  type Batch,
  type DataLoader,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder, type FindLrOptions } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("a search that scores held-out data", () => {
  test("scores rungs on held-out data without an effect on training", async () => {
    const data = { train: makeLoader(), val: makeLoader({ size: 48, shuffle: false }) };
    const options: FindLrOptions = {
      minLr: 1e-4,
      maxLr: 1,
      numTraining: 8,
      earlyStopThreshold: null,
      beta: 0,
    };
    const trainer = new Trainer(quiet);
    const model = makeTiny(TinyModule);
    const { results } = await trainer.findLr(model, data, { ...options, val: true });
    const manual = await trainer.isolated(model, data, async (trial) => {
      const measured: number[][] = [];
      for (const lr of results.lr) {
        for (const optimizer of trial.optimizers) optimizer.lr = lr;
        measured.push([await trial.step(), await trial.validate(), await trial.validate()]);
      }
      return measured;
    });
    expect(manual).toEqual(
      results.loss.map((loss, rung) => [loss, results.valLoss?.[rung], results.valLoss?.[rung]]),
    );
    expect(results.valSmoothed).toEqual(results.valLoss);
    expect((await trainer.findLr(model, data, options)).results).toEqual({
      ...{ lr: results.lr, loss: results.loss, smoothed: results.smoothed },
      ...{ mode: "exponential", stopped: "finished", optimizer: { name: "adam", weights: 83 } },
    });
  });

  test("scores every k-th rung and the last, and smooths over the same number of rungs", async () => {
    const data = { train: makeLoader(), val: makeLoader() };
    const { results } = await new Trainer(quiet).findLr(makeTiny(TinyModule), data, {
      ...{ numTraining: 9, val: 3, beta: 0.8, earlyStopThreshold: null },
    });
    const scored = results.valLoss?.flatMap((loss, rung) => (Number.isNaN(loss) ? [] : [rung]));
    expect(scored).toEqual([0, 3, 6, 8]);
    const [first = NaN, , , second = NaN] = results.valLoss ?? [];
    const beta = 0.8 ** 3;
    expect(results.valSmoothed?.[0]).toBeCloseTo(first, 12);
    expect(results.valSmoothed?.[3]).toBeCloseTo((beta * first + second) / (beta + 1), 12);
    expect(results.valSmoothed?.[4]).toBeNaN();
  });

  test("reads held-out losses to suggest a rate and to stop", async () => {
    /** A module whose held-out loss is lowest at the third rung and explodes at the sixth. */
    class Apart extends TinyModule {
      scores = 0;
      override validationStep(): tf.Tensor {
        return tf.scalar([3, 2, 1, 2, 3, 50, 1][this.scores++] ?? 1);
      }
    }
    const data = { train: makeLoader(), val: makeLoader({ size: 16 }) };
    const options: FindLrOptions = { minLr: 1e-6, maxLr: 1e-1, numTraining: 20, val: true, beta: 0 };
    const finder = await new Trainer(quiet).findLr(makeTiny(Apart), data, options);
    expect(finder.results.valLoss).toEqual([3, 2, 1, 2, 3, 50]);
    expect(finder.results.stopped).toBe("diverged");
    expect(finder.suggestion("minimum")).toBe((finder.results.lr[2] ?? NaN) / 10);
    class Broken extends TinyModule {
      override validationStep(): tf.Tensor {
        return tf.scalar(NaN);
      }
    }
    const broken = await new Trainer(quiet).findLr(makeTiny(Broken), data, options);
    expect([broken.results.stopped, broken.results.lr.length]).toEqual(["not-finite", 1]);
    expect(broken.suggest()).toMatchObject({ lr: null, reason: "not-finite" });
  });

  test("names what is missing for held-out losses", async () => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const silent = Object.assign(makeTiny(Counting), { validationStep: () => undefined });
    await expect(new Trainer(quiet).findLr(silent, { train: makeLoader() }, { val: true })).rejects.toThrow(
      "`val` of `findLr` needs validation data, but there is none. Pass { train, val }.",
    );
    expect(steps).toBe(0);
    const data = { train: makeLoader(), val: makeLoader() };
    for (const options of [{ val: true }, { refine: true }, { refine: true, val: true }]) {
      await expect(new Trainer(quiet).findLr(silent, data, options)).rejects.toThrow(
        "`validationStep` returned no loss and logged no `val_loss`.",
      );
    }
    await expect(new Trainer(quiet).findLr(silent, data, { refine: true })).rejects.toThrow("`val: false`");
    const without = Object.assign(makeTiny(Counting), { validationStep: undefined });
    await expect(new Trainer(quiet).findLr(without, data, { refine: true })).rejects.toThrow(
      "the module has no `validationStep`",
    );
    expect(steps).toBe(0);
  });

  test("reads the logged val_loss of a validationStep that returns nothing", async () => {
    class Logging extends Module<{ lr: number }> {
      readonly inner = makeTiny(TinyModule);
      trainingStep(batch: Batch): tf.Tensor {
        return this.inner.loss(batch, true);
      }
      override validationStep(batch: Batch) {
        this.log("val_loss", this.inner.loss(batch, false));
      }
      configureOptimizers(): OptimizerConfig {
        return adam({ lr: this.hparams.lr });
      }
    }
    const data = (): { train: DataLoader; val: DataLoader } => ({
      train: makeLoader({ seed: 3 }),
      val: makeLoader({ size: 40, shuffle: false }),
    });
    const options: FindLrOptions = { numTraining: 5, val: 2, earlyStopThreshold: null };
    const logged = await new Trainer(quiet).findLr(new Logging({ lr: 1 }), data(), options);
    const returned = await new Trainer(quiet).findLr(makeTiny(TinyModule), data(), options);
    for (const rung of [0, 2, 4])
      expect(logged.results.valLoss?.[rung]).toBeCloseTo(returned.results.valLoss?.[rung] ?? NaN, 6);
  });
});
