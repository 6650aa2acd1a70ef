import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  fromLayers,
  fromTfjsOptimizer,
  Trainer,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const Finding = withLrFinder(Trainer);
const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 1 } as const;
const train = makeLoader();

/** How many tensors two runs more leave, after a first. */
async function leftBy(run: () => Promise<unknown>): Promise<number> {
  await run();
  const before = tf.memory().numTensors;
  for (let time = 0; time < 2; time++) await run();
  return tf.memory().numTensors - before;
}

class Configured extends TinyModule {
  make: () => Optimizer = () => adam({ lr: 1e-2 });

  override configureOptimizers(): OptimizerConfig {
    return this.make();
  }
}

const makers: Record<string, () => Optimizer> = {
  adam: () => adam({ lr: 1e-2 }),
  "tf.train.sgd": () => fromTfjsOptimizer(tf.train.sgd(1e-2)),
  "tf.train.momentum": () => fromTfjsOptimizer(tf.train.momentum(1e-2, 0.9)),
  "tf.train.adagrad": () => fromTfjsOptimizer(tf.train.adagrad(1e-2)),
  "tf.train.adadelta": () => fromTfjsOptimizer(tf.train.adadelta(1e-2)),
  "tf.train.rmsprop": () => fromTfjsOptimizer(tf.train.rmsprop(1e-2)),
  "tf.train.adam": () => fromTfjsOptimizer(tf.train.adam(1e-2)),
  "tf.train.adamax": () => fromTfjsOptimizer(tf.train.adamax(1e-2)),
};

describe.each(Object.entries(makers))("%s, made anew by configureOptimizers", (_, make) => {
  const made = (): Configured => Object.assign(makeTiny(Configured), { make });

  test("leaves no tensor by a search", async () => {
    const model = made();
    expect(await leftBy(() => new Finding(quiet).findLr(model, { train }, { numTraining: 6 }))).toBe(0);
  });

  test("leaves no more tensors by a fit that is the last of a disposed Trainer", async () => {
    const model = made();
    const fit = async (): Promise<void> => {
      const trainer = new Trainer(quiet);
      await trainer.fit(model, { train });
      trainer.dispose();
    };
    expect(await leftBy(fit)).toBe(0);
  });
});

test("a new Trainer for each fit frees the optimizer of the one before", async () => {
  const model = makeTiny(TinyModule);
  expect(await leftBy(() => new Trainer(quiet).fit(model, { train }))).toBe(0);
});

test("a new module of the same model frees the optimizer of the one before", async () => {
  const { net } = makeTiny(TinyModule);
  const options = { loss: "meanSquaredError" } as const;
  const batches = [{ xs: tf.ones([8, 4]), ys: tf.ones([8, 3]) }];
  expect(await leftBy(() => new Trainer(quiet).fit(fromLayers(net, options), { train: batches }))).toBe(0);
});

test("the optimizers of models that were disposed are freed by the next fit", async () => {
  const fit = async (): Promise<void> => {
    const model = makeTiny(TinyModule);
    await new Trainer(quiet).fit(model, { train });
    model.net.dispose();
  };
  expect(await leftBy(fit)).toBe(0);
});

test("what the last fit left can be read until its module is fitted again", async () => {
  const [model, other] = [makeTiny(TinyModule), makeTiny(TinyModule)];
  const trainer = new Trainer(quiet);
  await trainer.fit(model, { train });
  await new Trainer(quiet).fit(other, { train });
  expect((await trainer.optimizers[0]?.stateDict())?.params[0]?.step).toBe(6);
});

describe.each(["adam", "tf.train.adam"])("%s that is kept", (name) => {
  test("goes on from fit to fit, whoever makes them, with a search between", async () => {
    const optimizer = makers[name]?.() as Optimizer;
    const model = Object.assign(makeTiny(Configured), { make: () => optimizer });
    const steps: (number | undefined)[] = [];
    for (let time = 0; time < 2; time++) {
      const trainer = new Finding(quiet);
      await trainer.findLr(model, { train }, { numTraining: 6 });
      await trainer.fit(model, { train });
      steps.push((await optimizer.stateDict()).params[0]?.step);
    }
    expect(steps).toEqual([6, 12]);
  });

  test("is not freed where it is made when it is first asked for", async () => {
    class Lazy extends TinyModule {
      made: Optimizer | null = null;
      override configureOptimizers(): OptimizerConfig {
        return (this.made ??= makers[name]?.() as Optimizer);
      }
    }
    const model = makeTiny(Lazy);
    const trainer = new Finding(quiet);
    await trainer.findLr(model, { train }, { numTraining: 6 });
    expect((await trainer.fit(model, { train })).steps).toBe(6);
  });
});
