import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  FulmineError,
  HistoryLogger,
  Module,
  sgd,
  Trainer as CoreTrainer,
  type Batch,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { findLr, LrFinder, withLrFinder, type FindLrOptions } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, seed: 1 } as const;
const search = (options: FindLrOptions = {}, model = makeTiny(TinyModule)): Promise<LrFinder> =>
  new Trainer(quiet).findLr(model, { train: makeLoader() }, { maxLr: 100, ...options });

describe("a search", () => {
  test("gives the rates, the raw and the smoothed losses, rung by rung", async () => {
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

  test("climbs by the growth that is given, in as many steps as that takes", async () => {
    const { results } = await search({ minLr: 1e-3, maxLr: 1e-2, growth: 1.5, earlyStopThreshold: null });
    const rates = [1, 1.5, 1.5 ** 2, 1.5 ** 3, 1.5 ** 4, 1.5 ** 5, 10];
    expect(results.lr.map((lr) => lr * 1e3)).toEqual(rates.map((lr) => expect.closeTo(lr, 9) as number));
    expect(results.mode).toBe("exponential");
  });

  test("suggests a rate at which the model trains better than at its own", async () => {
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

  test("is the same each time", async () => {
    const trainer = new Trainer(quiet);
    const model = makeTiny(TinyModule);
    const train = makeLoader();
    const first = await trainer.findLr(model, { train });
    expect((await trainer.findLr(model, { train })).results).toEqual(first.results);
    expect((await trainer.findLr(model, { train }, { seed: 5 })).results).not.toEqual(first.results);
  });

  test("sees the batches that fit would see, and takes maxEpochs for no limit", async () => {
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    const { results } = await trainer.findLr(
      makeTiny(TinyModule),
      { train: makeLoader() },
      { numTraining: 40, earlyStopThreshold: null },
    );
    expect(results.lr).toHaveLength(40);
  });

  test("stops when the loss diverges, and when it is not finite", async () => {
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

  test("scores rungs on held-out data, in evaluation and apart from what is trained", async () => {
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
    const byHand = await trainer.isolated(model, data, async (trial) => {
      const measured: number[][] = [];
      for (const lr of results.lr) {
        for (const optimizer of trial.optimizers) optimizer.lr = lr;
        measured.push([await trial.step(), await trial.validate(), await trial.validate()]);
      }
      return measured;
    });
    expect(byHand).toEqual(
      results.loss.map((loss, rung) => [loss, results.valLoss?.[rung], results.valLoss?.[rung]]),
    );
    expect(results.valSmoothed).toEqual(results.valLoss);
    expect((await trainer.findLr(model, data, options)).results).toEqual({
      ...{ lr: results.lr, loss: results.loss, smoothed: results.smoothed },
      ...{ mode: "exponential", stopped: "finished" },
    });
  });

  test("scores every so many rungs and the last, and smooths over as many rungs as ever", async () => {
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

  test("reads held-out losses where they were scored, to pick and to stop", async () => {
    /** Whose held-out loss is lowest at the third rung and explodes at the sixth, whatever is trained. */
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

  test("says what is missing for held-out losses", async () => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const silent = Object.assign(makeTiny(Counting), { validationStep: () => undefined });
    await expect(search({ val: true }, silent)).rejects.toThrow(
      "`val` of `findLr` asks for held-out losses, and there is no `val` data. Pass { train, val }.",
    );
    expect(steps).toBe(0);
    const data = { train: makeLoader(), val: makeLoader() };
    await expect(new Trainer(quiet).findLr(silent, data, { val: true })).rejects.toThrow(
      "`validationStep` returned no loss to score by.",
    );
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

  test("sweeps the optimizer that is named, in proportion for its groups, and leaves the others", async () => {
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
      "The module has 2 optimizers, and a search sweeps one.",
    );
    await expect(search({ optimizer: 2 }, makeTiny(Two))).rejects.toThrow(
      "`optimizer` of `findLr` must be below 2. Received: 2.",
    );
  });

  test("adds short trials from where it began, and no more than 100 steps in all", async () => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const finder = await search({ trials: true }, makeTiny(Counting));
    const { lr, loss, trials = [] } = finder.results;
    expect(lr.length).toBeLessThanOrEqual(20);
    expect(trials.length).toBeGreaterThan(2);
    expect(new Set([loss[0], ...trials.map((trial) => trial.loss[0])]).size).toBe(1);
    expect(lr.length + trials.reduce((sum, trial) => sum + trial.loss.length, 0)).toBe(steps);
    expect(steps).toBeLessThanOrEqual(100);
    expect(finder.suggest()).toMatchObject({ rule: "auto", basis: "short trials" });
  });

  test("refines by two long trials on either side of the pick of the short ones", async () => {
    const { results } = await search({ trials: true });
    const refined = await search({ refine: 60 });
    const pick = new LrFinder(results).suggestion() ?? NaN;
    expect(refined.results).toMatchObject(results);
    const rates = refined.results.refined?.map((trial) => trial.lr) ?? [];
    expect(rates.map((lr) => Number((lr / pick).toFixed(4)))).toEqual([
      Number(((16 / 12) * 10 ** -0.25).toFixed(4)),
      Number(((16 / 12) * 10 ** 0.25).toFixed(4)),
    ]);
    expect(refined.results.refined?.map(({ loss }) => loss.length)).toEqual([30, 30]);
    expect(rates).toContain(refined.suggestion());
    expect(refined.suggest()).toMatchObject({ basis: "long trials" });
  });

  test("makes no trials unless they are asked for", async () => {
    for (const options of [{}, { numTraining: 30 }, { rule: "valley" }, { trials: false }] as const) {
      expect((await search(options)).results).not.toHaveProperty("trials");
    }
    expect((await search({ numTraining: 30, trials: 48 })).results.trials?.length).toBeGreaterThan(1);
  });

  test("takes any function as a rule, and other rules need no new sweep", async () => {
    const finder = await search({
      rule: (curve) => ({ rule: "mine", lr: curve.lr[3] ?? 0, index: 3, range: [1e-4, 1] }),
    });
    expect(finder.suggestion()).toBe(finder.results.lr[3]);
    expect(finder.suggestion("minimum")).not.toBe(finder.suggestion("valley"));
    expect(finder.suggest("valley").rule).toBe("valley");
  });

  const bad: [string, FindLrOptions, string][] = [
    [
      "a range upside down",
      { minLr: 1, maxLr: 0.1 },
      "`maxLr` of `findLr` must be a finite number above `minLr` (1). Received: 0.1.",
    ],
    [
      "a rate of zero on an exponential ladder",
      { minLr: 0 },
      "`minLr` of `findLr` must be a finite number above 0. Received: 0.",
    ],
    ["a bound that is not a number", { maxLr: NaN }, "Received: NaN."],
    [
      "too few rungs",
      { numTraining: 1 },
      "`numTraining` of `findLr` must be a whole number of at least 2. Received: 1.",
    ],
    [
      "an unknown mode",
      { mode: "log" as "linear" },
      '`mode` of `findLr` must be "exponential" or "linear". Received: "log".',
    ],
    ["a smoothing of one", { beta: 1 }, "`beta` of `findLr` must be at least 0 and below 1. Received: 1."],
    ["a threshold of one", { earlyStopThreshold: 1 }, "must be above 1, or null. Received: 1."],
    [
      "a growth beside a count",
      { growth: 1.3, numTraining: 50 },
      'must be a finite number above 1, and goes with the mode "exponential" and without `numTraining`. Received: 1.3.',
    ],
    ["a growth on a linear ladder", { growth: 1.3, mode: "linear" }, "`growth` of `findLr` must be"],
    ["a growth that does not grow", { growth: 1 }, "`growth` of `findLr` must be a finite number above 1"],
    [
      "too few steps for trials",
      { trials: 20 },
      "`trials` of `findLr` must be true, false or a whole number of at least 48",
    ],
    ["trials with a rule that reads a curve", { trials: 80, rule: "valley" }, 'needs the rule "auto"'],
    ["scoring a part of a rung", { val: 0.5 }, "`val` of `findLr` must be true, false or a whole number"],
    ["scoring beside trials", { val: true, trials: true }, "goes without `trials`, which compare training"],
    [
      "refining without trials",
      { refine: true, trials: false },
      "`refine` of `findLr` must be true, false or",
    ],
    ["an unknown rule", { rule: "best" as "auto" }, "`rule` of `findLr` must be a function or one of: auto,"],
    ["an unknown option", { steps: 3 } as FindLrOptions, "`findLr` has no option `steps`. It takes: minLr,"],
  ];
  test.each(bad)("refuses %s before any step", async (_, options, message) => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const trainer = new Trainer(quiet);
    const error: unknown = await findLr(trainer, makeTiny(Counting), { train: makeLoader() }, options).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FulmineError);
    expect((error as Error).message).toContain(message);
    expect(steps).toBe(0);
  });
});

describe("autoLrFind", () => {
  test("writes the found rate to hparams, to the optimizer and, with all others, to the logger", async () => {
    const history = new HistoryLogger();
    const model = makeTiny(TinyModule);
    const trainer = new Trainer({ ...quiet, maxEpochs: 1, autoLrFind: true, logger: history });
    await trainer.fit(model, { train: makeLoader() });
    const found = trainer.lrFinder?.suggestion();
    expect(found).toBeGreaterThan(0);
    expect(model.hparams.lr).toBe(found);
    expect(trainer.optimizers[0]?.lr).toBe(found);
    expect(history.hparams).toEqual({ lr: found });
  });

  test("says what it set on the console", async () => {
    const said: string[] = [];
    class Listening extends CoreTrainer {
      override get display(): CoreTrainer["display"] {
        const line = { update: () => undefined, stop: () => undefined };
        return {
          info: (text) => void said.push(text),
          warn: (text) => void said.push(text),
          progress: () => line,
        };
      }
    }
    const model = makeTiny(TinyModule);
    await new (withLrFinder(Listening))({ maxSteps: 1, seed: 1, autoLrFind: true }).fit(model, {
      train: makeLoader(),
    });
    expect(said[0]).toMatch(
      /^Learning rate set to [\d.e-]+ \(hparams\.lr; rule auto, usable from .* to .*\)$/,
    );
  });

  test("is skipped in a fastDevRun", async () => {
    const model = makeTiny(TinyModule);
    const trainer = new Trainer({ ...quiet, autoLrFind: true, fastDevRun: true });
    const { steps } = await trainer.fit(model, { train: makeLoader() });
    expect([model.hparams.lr, trainer.lrFinder, steps]).toEqual([1e-2, null, 1]);
  });

  test("takes the path of a nested field, else learningRate", async () => {
    class Nested extends Module<{ optim: { lr: number } }> {
      readonly w = tf.variable(tf.scalar(3));
      trainingStep(): tf.Tensor {
        return tf.square(this.w);
      }
      configureOptimizers(): OptimizerConfig {
        return sgd({ lr: this.hparams.optim.lr });
      }
    }
    const model = new Nested({ optim: { lr: 1e-9 } });
    await new Trainer({ ...quiet, maxSteps: 1, autoLrFind: "optim.lr" }).fit(model, { train: makeLoader() });
    expect(model.hparams.optim.lr).toBeGreaterThan(1e-6);
    await expect(
      new Trainer({ ...quiet, autoLrFind: true }).fit(model, { train: makeLoader() }),
    ).rejects.toThrow("`hparams` has neither `lr` nor `learningRate`");
  });

  test("leaves the rate alone when there is none to find, and trains on", async () => {
    class Flat extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        return tf.mul(super.trainingStep(batch, batchIdx), 0);
      }
    }
    const model = makeTiny(Flat);
    const { status } = await new Trainer({ ...quiet, maxSteps: 1, autoLrFind: true }).fit(model, {
      train: makeLoader(),
    });
    expect([model.hparams.lr, status]).toEqual([1e-2, "finished"]);
  });

  test("that is stopped stops the fit, with everything as it was", async () => {
    const controller = new AbortController();
    class Stopping extends TinyModule {
      override onTrainBatchEnd(): void {
        controller.abort();
      }
    }
    const trainer = new Trainer({ ...quiet, autoLrFind: true, signal: controller.signal });
    const result = await trainer.fit(makeTiny(Stopping), { train: makeLoader() });
    expect(result).toMatchObject({ status: "interrupted", steps: 0 });
  });

  test.each([
    ["autoLrFind", 3],
    ["autoLrFind", ""],
  ])("refuses %s: %o", (name, value) => {
    expect(() => new Trainer({ [name]: value })).toThrow(
      "`autoLrFind` must be true, false or the path of a hyperparameter",
    );
  });
});
