import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, adamw, FulmineError, sgd, type Optimizer } from "@fulmine/core";
import { adadelta } from "../../src/optim/rules/adadelta.js";
import { adagrad } from "../../src/optim/rules/adagrad.js";
import { adamax } from "../../src/optim/rules/adamax.js";
import { nadam } from "../../src/optim/rules/nadam.js";
import type { OptimizerStateDict } from "../../src/optim/optimizerState.js";
import { radam } from "../../src/optim/rules/radam.js";
import { rmsprop } from "../../src/optim/rules/rmsprop.js";

const makers: Record<string, () => Optimizer> = {
  sgd: () => sgd({ lr: 0.1 }),
  "sgd with momentum": () => sgd({ lr: 0.1, momentum: 0.9, dampening: 0.2 }),
  adam: () => adam({ lr: 0.1, amsgrad: true }),
  adamw: () => adamw({ lr: 0.1 }),
  rmsprop: () => rmsprop({ lr: 0.1, momentum: 0.5, centered: true }),
  adagrad: () => adagrad({ lr: 0.1, lrDecay: 0.1, initialAccumulator: 0.5 }),
  adadelta: () => adadelta({ lr: 1 }),
  adamax: () => adamax({ lr: 0.1 }),
  nadam: () => nadam({ lr: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }),
  radam: () => radam({ lr: 0.1, weightDecay: 0.1 }),
};

/** Two parameters, as a fresh process makes them: other variables, with other names. */
function makeParams(values?: readonly Float32Array[]): tf.Variable[] {
  const [a, b] = values ?? [];
  return tf.tidy(() => [
    tf.variable(tf.tensor2d(a ?? [0.3, -0.2, 0.7, 1.1], [2, 2])),
    tf.variable(tf.tensor1d(b ?? [-0.5, 0.25, 2])),
  ]);
}

/** Takes steps along made-up gradients; every third leaves the second parameter out. */
function walk(optimizer: Optimizer, params: readonly tf.Variable[], from: number, steps: number): number[][] {
  for (let at = from; at < from + steps; at++) {
    tf.tidy(() => {
      const taken = at % 3 === 2 ? params.slice(0, 1) : params;
      optimizer.step(new Map(taken.map((w) => [w, tf.add(tf.mul(w, 0.3 + at / 10), Math.sin(at))])));
    });
  }
  return params.map((w) => [...w.dataSync()]);
}

const read = (params: readonly tf.Variable[]): Float32Array[] =>
  params.map((w) => w.dataSync<"float32">().slice());

describe.each(Object.entries(makers))("%s", (_, make) => {
  test("goes on bit for bit from a checkpoint in a fresh process, and leaks nothing", async () => {
    const before = tf.memory().numTensors;
    const params = makeParams();
    const optimizer = make();
    optimizer.attach(params);
    walk(optimizer, params, 0, 7);
    optimizer.lr = 0.07;
    const held = tf.memory().numTensors;
    const state = structuredClone(await optimizer.stateDict());
    expect(tf.memory().numTensors).toBe(held);
    const weights = read(params);
    const wanted = walk(optimizer, params, 7, 6);

    const freshParams = makeParams(weights);
    const fresh = make();
    fresh.attach(freshParams);
    walk(fresh, freshParams, 0, 2);
    for (const [index, w] of freshParams.entries())
      tf.tidy(() => w.assign(tf.tensor(weights[index] ?? [], w.shape)));
    await fresh.loadStateDict(state);
    expect(fresh.lr).toBe(0.07);
    expect(walk(fresh, freshParams, 7, 6)).toEqual(wanted);

    for (const one of [optimizer, fresh]) one.dispose();
    tf.dispose([params, freshParams]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("goes back bit for bit to a snapshot", () => {
    const params = makeParams();
    const optimizer = make();
    optimizer.attach(params);
    walk(optimizer, params, 0, 4);
    const [weights, snapshot] = [read(params), optimizer.snapshot()];
    const wanted = walk(optimizer, params, 4, 5);
    optimizer.restore(snapshot);
    for (const [index, w] of params.entries())
      tf.tidy(() => w.assign(tf.tensor(weights[index] ?? [], w.shape)));
    expect(walk(optimizer, params, 4, 5)).toEqual(wanted);
    optimizer.dispose();
    tf.dispose(params);
  });
});

test("a checkpoint keeps settings, and does not change with the training that goes on", async () => {
  const params = makeParams();
  const optimizer = adam({ lr: 0.1, betas: [0.8, 0.95] });
  optimizer.attach(params);
  walk(optimizer, params, 0, 3);
  const reading = optimizer.stateDict();
  walk(optimizer, params, 3, 3);
  const state = await reading;
  expect(state.params.map(({ step }) => step)).toEqual([3, 2]);
  expect(state.groups).toEqual([
    { lr: 0.1, options: expect.objectContaining({ betas: [0.8, 0.95] }) as object },
  ]);
  const other = adam({ lr: 1 });
  other.attach(params);
  await other.loadStateDict(state);
  expect(other.paramGroups[0]).toMatchObject({ lr: 0.1, options: { betas: [0.8, 0.95] } });
  for (const one of [optimizer, other]) one.dispose();
  tf.dispose(params);
});

describe("a checkpoint that does not fit is refused, and nothing changes", () => {
  const load = async (change: (state: OptimizerStateDict) => OptimizerStateDict): Promise<void> => {
    const params = makeParams();
    const optimizer = adam({ lr: 0.1 });
    optimizer.attach(params);
    walk(optimizer, params, 0, 2);
    const state = await optimizer.stateDict();
    const tensors = tf.memory().numTensors;
    try {
      await optimizer.loadStateDict(change(state));
    } finally {
      expect(tf.memory().numTensors).toBe(tensors);
      expect(await optimizer.stateDict()).toEqual(state);
      optimizer.dispose();
      tf.dispose(params);
    }
  };
  const cases: [string, (state: OptimizerStateDict) => OptimizerStateDict, string][] = [
    ["another optimizer", (state) => ({ ...state, name: "sgd" }), "is of `sgd`, and the optimizer is `adam`"],
    [
      "fewer parameters",
      (state) => ({ ...state, params: state.params.slice(1) }),
      "has 1 parameter, and the optimizer has 2",
    ],
    ["more groups", (state) => ({ ...state, groups: [...state.groups, ...state.groups] }), "has 2 groups"],
    ["other shapes", (state) => ({ ...state, params: [...state.params].reverse() }), "of shape [3], and"],
    [
      "a slot cut short",
      (state) => ({
        ...state,
        params: state.params.map((param) => ({
          ...param,
          slots: { mean: { dtype: "float32", shape: [2, 2], values: new Float32Array(3) } },
        })),
      }),
      "is damaged: slot `mean`",
    ],
  ];
  test.each(cases)("%s", async (_, change, message) => {
    await expect(load(change)).rejects.toThrow(FulmineError);
    await expect(load(change)).rejects.toThrow(message);
  });

  test("an optimizer that is not attached", async () => {
    const state = { name: "adam", groups: [], params: [], shared: {} };
    await expect(adam({ lr: 1 }).loadStateDict(state)).rejects.toThrow(
      "is not attached to any parameter yet",
    );
  });
});
