import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { FulmineError, Module, Trainer } from "@fulmine/core";
import { fromTfjsOptimizer } from "../../../src/optim/tfjs/fromTfjsOptimizer.js";
import type { Optimizer } from "../../../src/optim/optimizer.js";
import { readOptimizerConfig, type OptimizerConfig } from "../../../src/module/optimizerConfig.js";
import { exponentialLr } from "../../../src/schedules/decay.js";
import { cyclicLr } from "../../../src/schedules/cyclicLr.js";
import { LrScheduler } from "../../../src/schedules/lrScheduler.js";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../../support/tinyModule.js";

const makers: Record<string, (lr: number) => tf.Optimizer> = {
  sgd: (lr) => tf.train.sgd(lr),
  momentum: (lr) => tf.train.momentum(lr, 0.9),
  "nesterov momentum": (lr) => tf.train.momentum(lr, 0.9, true),
  adam: (lr) => tf.train.adam(lr),
  adamax: (lr) => tf.train.adamax(lr, 0.9, 0.999, 1e-8, 0.1),
  adagrad: (lr) => tf.train.adagrad(lr),
  adadelta: (lr) => tf.train.adadelta(lr),
  rmsprop: (lr) => tf.train.rmsprop(lr, 0.9, 0.5, 1e-8, true),
};

const starts = [
  [0.3, -0.2, 0.7],
  [1, -1, 0.5],
] as const;

function makeParams(values: readonly (readonly number[])[] = starts): tf.Variable[] {
  return tf.tidy(() => values.map((value) => tf.variable(tf.tensor1d([...value]))));
}

/** Takes steps along made-up gradients; every third leaves the second parameter out. */
function walk(optimizer: Optimizer, params: readonly tf.Variable[], from: number, steps: number): number[][] {
  for (let at = from; at < from + steps; at++) {
    tf.tidy(() => {
      const taken = at % 3 === 2 ? params.slice(0, 1) : params;
      optimizer.step(new Map(taken.map((w) => [w, tf.add(tf.mul(w, 0.3 + at / 10), Math.sin(at))])));
    });
  }
  return values(params);
}

const values = (params: readonly tf.Variable[]): number[][] => params.map((w) => [...w.dataSync()]);

function put(params: readonly tf.Variable[], to: readonly (readonly number[])[]): void {
  for (const [index, w] of params.entries()) tf.tidy(() => w.assign(tf.tensor1d([...(to[index] ?? [])])));
}

describe.each(Object.entries(makers))("tf.train's %s", (_, make) => {
  test("takes the steps that it takes by itself", () => {
    const [params, others] = [makeParams(), makeParams()];
    const [adapter, bare] = [fromTfjsOptimizer(make(0.05)), make(0.05)];
    adapter.attach(params);
    walk(adapter, params, 0, 2);
    for (let at = 0; at < 2; at++)
      tf.tidy(() =>
        bare.applyGradients(
          others.map((w) => ({ name: w.name, tensor: tf.add(tf.mul(w, 0.3 + at / 10), Math.sin(at)) })),
        ),
      );
    expect(values(params)).toEqual(values(others));
  });

  test("goes back bit for bit to a snapshot, of its first step too, and leaks nothing", () => {
    const before = tf.memory().numTensors;
    const params = makeParams();
    const optimizer = fromTfjsOptimizer(make(0.05));
    optimizer.attach(params);
    const fresh = optimizer.snapshot();
    const first = walk(optimizer, params, 0, 5);
    const held = tf.memory().numTensors;
    for (let round = 0; round < 3; round++) {
      const [weights, snapshot] = [values(params), optimizer.snapshot()];
      const wanted = walk(optimizer, params, 5, 6);
      optimizer.lr = 3;
      optimizer.restore(snapshot);
      expect(optimizer.lr).toBe(0.05);
      put(params, weights);
      expect(walk(optimizer, params, 5, 6)).toEqual(wanted);
      expect(tf.memory().numTensors).toBe(held);
    }
    optimizer.restore(fresh);
    put(params, starts);
    expect(walk(optimizer, params, 0, 5)).toEqual(first);
    optimizer.dispose();
    optimizer.dispose();
    tf.dispose(params);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("goes on bit for bit from a checkpoint in a fresh process", async () => {
    const before = tf.memory().numTensors;
    const params = makeParams();
    const optimizer = fromTfjsOptimizer(make(0.05));
    optimizer.attach(params);
    walk(optimizer, params, 0, 10);
    optimizer.lr = 0.02;
    const state = structuredClone(await optimizer.stateDict());
    const freshParams = makeParams(values(params));
    const wanted = walk(optimizer, params, 10, 5);
    const fresh = fromTfjsOptimizer(make(1));
    fresh.attach(freshParams);
    await fresh.loadStateDict(state);
    fresh.attach(freshParams);
    expect(fresh.lr).toBeCloseTo(0.02, 12);
    expect(walk(fresh, freshParams, 10, 5)).toEqual(wanted);
    for (const one of [optimizer, fresh]) one.dispose();
    tf.dispose([params, freshParams]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("steps at the rate that is set", () => {
    const run = (lr: number, then: number): number[][] => {
      const params = makeParams();
      const optimizer = fromTfjsOptimizer(make(lr));
      optimizer.attach(params);
      optimizer.lr = then;
      const end = walk(optimizer, params, 0, 3);
      optimizer.dispose();
      tf.dispose(params);
      return end;
    };
    expect(run(0.5, 0.01)).toEqual(run(0.01, 0.01));
    expect(run(0.5, 0.01)).not.toEqual(run(0.5, 0.5));
  });
});

test("a schedule moves its rate, and its momentum where it has one", () => {
  const [momentum, sgd] = [tf.train.momentum(0.1, 0.5), tf.train.sgd(0.1)].map(fromTfjsOptimizer);
  if (momentum === undefined || sgd === undefined) throw new Error("no optimizer");
  const scheduler = new LrScheduler(sgd, exponentialLr({ gamma: 0.5 }));
  scheduler.step();
  expect(sgd.lr).toBe(0.05);
  const cycle = cyclicLr({ range: [0.1, 0.2], stepSize: 2, baseMomentum: 0, maxMomentum: 0.9 });
  new LrScheduler(momentum, cycle).step();
  const params = makeParams([[0], [0]]);
  momentum.attach(params);
  const ones = new Map(params.map((w) => [w, tf.ones([1])]));
  for (let at = 0; at < 2; at++) momentum.step(ones);
  // The velocity is 1 and then 0.45 · 1 + 1, at a rate of 0.15.
  expect(values(params)[0]?.[0]).toBeCloseTo(-0.15 * 2.45, 6);
  expect(() => new LrScheduler(sgd, cycle)).toThrow(
    "`cyclic` changes the momentum, and `tf.train/SGD` has none.",
  );
});

test("a module trains with it, and a second fit goes on with the same one", async () => {
  class Adapted extends TinyModule {
    readonly own = tf.train.adam(0.01);

    override configureOptimizers(): OptimizerConfig {
      return { optimizer: fromTfjsOptimizer(this.own), schedule: exponentialLr({ gamma: 0.9 }) };
    }
  }
  const model = makeTiny(Adapted);
  expect(model).toBeInstanceOf(Module);
  const before = weightsOf(model);
  const trainer = new Trainer({ enableProgressBar: false, maxEpochs: 2 });
  for (let fit = 0; fit < 2; fit++) await trainer.fit(model, { train: makeLoader() });
  expect(weightsOf(model)).not.toEqual(before);
  expect(trainer.optimizers[0]?.lr).toBeCloseTo(0.01 * 0.9 ** 4, 12);
  trainer.dispose();
});

test("what it can't do is said", async () => {
  const params = makeParams();
  const inner = tf.train.momentum(0.1, 0.9);
  const optimizer = fromTfjsOptimizer(inner);
  expect(fromTfjsOptimizer(inner)).toBe(optimizer);
  optimizer.attach(params);
  walk(optimizer, params, 0, 1);
  const others = makeParams();
  expect(() => optimizer.attach(others)).toThrow("`tf.train/Momentum` has already trained other variables.");
  optimizer.dispose();
  expect(() => optimizer.attach(params)).toThrow("`tf.train/Momentum` was disposed");
  expect(() => fromTfjsOptimizer({} as tf.Optimizer)).toThrow(FulmineError);
  expect(() => readOptimizerConfig(tf.train.sgd(1) as never)).toThrow("fromTfjsOptimizer(optimizer)");
  tf.dispose([params, others]);
});
