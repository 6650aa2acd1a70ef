import * as tf from "@tensorflow/tfjs";
import {
  Trainer as CoreTrainer,
  fromLayers,
  fromTfjsOptimizer,
  sgd,
  type Batch,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import {
  suggest,
  withLrFinder,
  type FindLrOptions,
  type LrFinder,
  type RuleName,
  type Suggestion,
} from "@fulmine/lr-finder";
import { describe, expect, test } from "vitest";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);

const quiet = { enableProgressBar: false, seed: 1 } as const;

const search = (options: FindLrOptions = {}, model = makeTiny(TinyModule)): Promise<LrFinder> =>
  new Trainer(quiet).findLr(model, { train: makeLoader() }, { maxLr: 100, ...options });

describe("a search", () => {
  test("returns the rate, the measured and the smoothed loss of each rung", async () => {
    const { results } = await search({
      minLr: 1e-4,
      maxLr: 1,
      numTraining: 30,
      earlyStopThreshold: null,
      beta: 0.5,
    });
    expect(results.lr).toHaveLength(30);
    expect([results.lr[0], results.lr.at(-1)]).toEqual([1e-4, 1]);
    expect(results.smoothed[0]).toBe(results.loss[0]);
    expect(results.smoothed[1]).toBeCloseTo(((results.loss[0] ?? 0) + 2 * (results.loss[1] ?? 0)) / 3, 6);
    expect(results.stopped).toBe("finished");
  });

  test("increases the rate by the given growth", async () => {
    const { results } = await search({ minLr: 1e-3, maxLr: 1e-2, growth: 1.5, earlyStopThreshold: null });
    const rates = [1, 1.5, 1.5 ** 2, 1.5 ** 3, 1.5 ** 4, 1.5 ** 5, 10];
    expect(results.lr.map((lr) => lr * 1e3)).toEqual(rates.map((lr) => expect.closeTo(lr, 9) as number));
    expect(results.mode).toBe("exponential");
  });

  test("suggests a rate that trains better than the model's own rate", async () => {
    const lossAt = async (lr: number): Promise<number> => {
      const model = makeTiny(TinyModule);
      model.hparams.lr = lr;
      const { metrics } = await new Trainer({ ...quiet, maxEpochs: 3 }).fit(model, {
        train: makeLoader(),
        val: makeLoader(),
      });
      return metrics["val_loss"] ?? NaN;
    };
    const finder = await search();
    expect(await lossAt(finder.suggestion() ?? NaN)).toBeLessThan(await lossAt(1e-4));
  });

  test("uses the usual rate of the optimizer", async () => {
    class Plain extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        return sgd({ lr: this.hparams.lr, momentum: 0.9 });
      }
    }
    class Stock extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        return fromTfjsOptimizer(tf.train.adam(this.hparams.lr));
      }
    }
    const [adam, plain] = [await search({}), await search({}, makeTiny(Plain))];
    expect(adam.results.optimizer).toEqual({ name: "adam", weights: 83 });
    expect(plain.results.optimizer).toEqual({ name: "sgd", weights: 83, momentum: 0.9 });
    const usual = 0.09 / Math.cbrt(83);
    const ofUnknown =
      suggest({ ...adam.results, optimizer: { name: "mine", weights: 83 } }, "auto").lr ?? NaN;
    expect(Math.abs(Math.log((adam.suggestion() ?? NaN) / usual))).toBeLessThan(
      Math.abs(Math.log(ofUnknown / usual)),
    );
    const stock = await search({}, makeTiny(Stock));
    expect(stock.results.optimizer).toEqual({ name: "tf.train/Adam", weights: 83 });
    expect(stock.suggestion()).toBe(
      suggest({ ...stock.results, optimizer: { name: "adam", weights: 83 } }).lr,
    );
  });

  test("is reproducible", async () => {
    const trainer = new Trainer(quiet);
    const model = makeTiny(TinyModule);
    const train = makeLoader();
    const first = await trainer.findLr(model, { train });
    expect((await trainer.findLr(model, { train })).results).toEqual(first.results);
    expect((await trainer.findLr(model, { train }, { seed: 5 })).results).not.toEqual(first.results);
  });

  test("is not limited by maxEpochs", async () => {
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    const { results } = await trainer.findLr(
      makeTiny(TinyModule),
      { train: makeLoader() },
      { numTraining: 40, earlyStopThreshold: null },
    );
    expect(results.lr).toHaveLength(40);
  });

  test("stops if the loss diverges or is not finite", async () => {
    class Blowing extends TinyModule {
      steps = 0;
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        this.steps += 1;
        return this.steps === 21
          ? tf.mul(super.trainingStep(batch, batchIdx), NaN)
          : super.trainingStep(batch, batchIdx);
      }
    }
    const diverged = await search({ maxLr: 1e5, beta: 0 });
    expect(diverged.results.stopped).toBe("diverged");
    expect(diverged.results.lr.length).toBeLessThan(100);
    const broken = await search({ numTraining: 100 }, makeTiny(Blowing));
    expect(broken.results.stopped).toBe("not-finite");
    expect(broken.results.loss).toHaveLength(21);
    expect(Number.isFinite(broken.suggestion() ?? 1)).toBe(true);
  });

  test("sweeps a LayersModel of TensorFlow.js and restores it", async () => {
    const { net } = makeTiny(TinyModule);
    const before = weightsOf({ net });
    const model = fromLayers(net, { loss: "sparseCategoricalCrossentropy", optimizer: "adam" });
    const finder = await new Trainer(quiet).findLr(model, { train: makeLoader() }, { maxLr: 100 });
    expect(finder.suggestion()).toBeGreaterThan(0);
    expect(weightsOf({ net })).toEqual(before);
  });

  test("accepts losses at and below zero", async () => {
    class Shifted extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        return tf.sub(super.trainingStep(batch, batchIdx), 5);
      }
    }
    const options = { maxLr: 1e4, numTraining: 60 } as const;
    const [plain, shifted] = [await search(options), await search(options, makeTiny(Shifted))];
    expect(Math.max(...shifted.results.loss.slice(0, 20))).toBeLessThan(0);
    expect(shifted.results.stopped).toBe("diverged");
    const ratio = (shifted.suggestion("minimum") ?? NaN) / (plain.suggestion("minimum") ?? NaN);
    expect(ratio).toBeCloseTo(1, 3);
  });

  test("accumulates gradients: a rung is an optimizer step", async () => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const trainer = new Trainer({ ...quiet, accumulateGradBatches: 3 });
    const { results } = await trainer.findLr(
      makeTiny(Counting),
      { train: makeLoader() },
      { numTraining: 10, maxLr: 1e-2 },
    );
    expect([results.lr.length, steps]).toEqual([10, 30]);
  });

  test("sweeps the chosen optimizer with the ratios of its groups, and not the other optimizer", async () => {
    const seen: number[][] = [];
    class Two extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        const [first, second] = this.net.layers;
        const params = (layer: tf.layers.Layer | undefined): tf.Variable[] =>
          (layer?.trainableWeights ?? []).map((weight) => weight.read() as tf.Variable);
        return [
          sgd({ lr: 0.3, groups: [{ params: params(first) }] }),
          sgd({
            lr: 1,
            groups: [{ params: params(second) }, { params: params(this.net.layers[3]), lr: 0.1 }],
          }),
        ];
      }
      override onTrainBatchEnd(): void {
        seen.push(this.swept.flatMap((optimizer) => optimizer.paramGroups.map((group) => group.lr)));
      }
      swept = [] as Optimizer[];
      override onBeforeOptimizerStep(optimizer: Optimizer): void {
        if (!this.swept.includes(optimizer)) this.swept = [...this.swept, optimizer];
      }
    }
    await search(
      { optimizer: 1, minLr: 1e-3, maxLr: 1e-1, numTraining: 3, mode: "exponential" },
      makeTiny(Two),
    );
    const expected = [
      [0.3, 1e-3, 1e-4],
      [0.3, 1e-2, 1e-3],
      [0.3, 1e-1, 1e-2],
    ];
    for (const [index, rates] of expected.entries()) {
      expect(seen[index]).toEqual(rates.map((rate) => expect.closeTo(rate, 9) as number));
    }
    await expect(search({}, makeTiny(Two))).rejects.toThrow(
      "The module has 2 optimizers, but a search sweeps only one.",
    );
    await expect(search({ optimizer: 2 }, makeTiny(Two))).rejects.toThrow(
      "`optimizer` of `findLr` must be below 2. Received: 2.",
    );
  });

  test("accepts any function as a rule, and other rules need no new sweep", async () => {
    const finder = await search({
      rule: (curve) => ({ rule: "mine", lr: curve.lr[3] ?? 0, index: 3, range: [1e-4, 1] }),
    });
    expect(finder.suggestion()).toBe(finder.results.lr[3]);
    expect(finder.suggestion("minimum")).not.toBe(finder.suggestion("valley"));
    expect(finder.suggest("valley").rule).toBe("valley");
  });

  test("accepts a list of rules: the first decides, and all read the same curve", async () => {
    const finder = await search({ rule: ["minimum", "valley", (curve) => suggest(curve, "slide")] });
    expect(finder.suggest()).toEqual(suggest(finder.results, "minimum"));
    const named = (rule: RuleName): Suggestion => suggest(finder.results, rule);
    expect(finder.suggestions()).toEqual([named("minimum"), named("valley"), named("slide")]);
    expect(finder.suggestions(["ignite", "auto"])).toEqual([named("ignite"), named("auto")]);
  });
});
