import * as tf from "@tensorflow/tfjs";
import { findVariables, seeded, type Batch, type Callback, type TrainerOptions } from "@fulmine/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { nativeBackend, type NativeBinding } from "../../src/compile/tensorflow/nativeBackend.js";
import { CompilingTrainer } from "./support/compilingTrainer.js";
import { Classifier, inputOf, nets, randomData, ways } from "./support/nets.js";

const STEPS = 60;

function make(way: string) {
  const net = seeded(3, () => nets["a multi-layer perceptron"]?.() ?? tf.sequential());
  const { size, isWhole } = inputOf(net);
  return {
    model: new Classifier(net, ways[way]?.configure ?? (() => [])),
    data: randomData(size, isWhole),
  };
}

function weightsOf(model: object): tf.Variable[] {
  return [...findVariables(model).all];
}

function valuesOf(tensors: readonly tf.Tensor[]): number[][] {
  return tensors.map((tensor) => Array.from(tensor.dataSync()));
}

async function train(compile: boolean, callback: Callback, options: TrainerOptions = {}, way = "adam") {
  const { model, data } = make(way);
  const trainer = new CompilingTrainer({
    ...{ maxSteps: STEPS, seed: 7, compile, callbacks: [callback], logger: false },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    ...options,
  });
  await trainer.fit(model, { train: data });
  trainer.dispose();
  const values = valuesOf(weightsOf(model));
  model.net.dispose();
  const replays = trainer.explainCompile().steps.reduce((sum, step) => sum + step.replays, 0);
  return { values, replays };
}

/** Trains eagerly and compiled with the same callback, and expects the same outcome. */
async function both(makeCallback: () => Callback, way = "adam") {
  const eager = await train(false, makeCallback(), {}, way);
  const buffers = tf.backend().numDataIds();
  const compiled = await train(true, makeCallback(), {}, way);
  expect(tf.backend().numDataIds()).toBe(buffers);
  expect(compiled.values).toEqual(eager.values);
  expect(compiled.replays).toBeGreaterThan(STEPS / 2);
}

/** Calls a function with the weights after every third step. */
function eachThird(change: (weights: tf.Variable[], step: number) => void): () => Callback {
  return () => ({
    onTrainBatchEnd({ globalStep }, module) {
      if (globalStep % 3 === 0) change(weightsOf(module), globalStep);
    },
  });
}

describe("steps give the same bits as eager steps, and the number of buffers stays the same, when other code between them", () => {
  test("reads one weight, or all", () =>
    both(eachThird((weights, step) => void valuesOf(step % 2 === 0 ? weights : weights.slice(0, 1)))));

  test("assigns one weight", () =>
    both(eachThird(([weight]) => tf.tidy(() => weight?.assign(tf.mul(weight, 0.9))))));

  test("gives two weights one value", () =>
    both(
      eachThird((weights) => {
        const biases = weights.filter(({ shape }) => shape.length === 1);
        const [one, other] = biases.filter(({ shape }) => shape[0] === biases[0]?.shape[0]);
        if (one === undefined) return;
        const value = tf.zerosLike(one);
        for (const bias of [one, other ?? one]) bias.assign(value);
        value.dispose();
      }),
    ));

  test("reads the optimizer's state", () =>
    both(() => ({
      async onTrainBatchEnd({ optimizers, globalStep }) {
        if (globalStep % 3 === 0) for (const optimizer of optimizers) await optimizer.stateDict();
      },
    })));
});

test("a clone of a weight keeps its value during further steps, and so does the next clone", async () => {
  const clones: { clone: tf.Tensor; values: number[][] }[] = [];
  const { replays } = await train(true, {
    onTrainBatchEnd({ globalStep }, module) {
      const [weight] = weightsOf(module);
      if (weight === undefined || globalStep % 20 > 1) return;
      const clone = weight.clone();
      clones.push({ clone, values: valuesOf([clone]) });
    },
  });
  expect(replays).toBeGreaterThan(STEPS / 2);
  expect(clones.length).toBeGreaterThan(4);
  for (const { clone, values } of clones) expect(valuesOf([clone])).toEqual(values);
  expect(new Set(clones.map(({ values }) => String(values))).size).toBe(clones.length);
  tf.dispose(clones.map(({ clone }) => clone));
});

test("weights and the optimizer's state stay in TensorFlow, and are fetched together on demand", async () => {
  const backend = nativeBackend();
  if (backend === null) throw new Error("The native backend is not active.");
  const { binding } = backend;
  const runs: { feeds: string[]; fetches: string[] }[] = [];
  const listening: Pick<NativeBinding, "runSavedModel"> = {
    runSavedModel(id, inputs, feeds, fetches) {
      runs.push({ feeds: feeds.split(","), fetches: fetches.split(",") });
      return binding.runSavedModel(id, inputs, feeds, fetches);
    },
  };
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(listening)) as NativeBinding;
  onTestFinished(() => void (backend.binding = binding));
  const runsAt: Record<number, number> = {};
  await train(true, {
    onTrainBatchEnd({ globalStep }, module) {
      if (globalStep === 25) valuesOf(weightsOf(module));
      runsAt[globalStep] = runs.length;
    },
  });
  const runsOf = (step: number) => runs.slice(runsAt[step - 1], runsAt[step]);
  // Each of these steps is one call that neither feeds nor fetches weights or slots.
  const kept = (names: string[]) => names.filter((name) => /^[vo]\d/.test(name));
  for (const step of [23, 24, 26, 27]) {
    const [run, ...others] = runsOf(step);
    expect(others).toEqual([]);
    expect(kept(run?.feeds ?? ["v0"])).toEqual([]);
    expect(run?.fetches.length).toBeLessThan(4);
  }
  const [, read, ...others] = runsOf(25);
  expect(others).toEqual([]);
  // Six weights, and two Adam slots for each.
  expect(kept(read?.fetches ?? []).length).toBe(18);
});

test("a step that fails within TensorFlow leaves the same state and error as an eager step", async () => {
  class Counting extends Classifier {
    readonly steps = tf.variable(tf.scalar(0), false);
    override trainingStep({ xs, ys }: Batch) {
      // This has finished long before the gather after the net fails.
      this.steps.assign(tf.add(this.steps, 1));
      const logits = this.net.apply(tf.zeros([8, 12])) as tf.Tensor2D;
      const chosen = tf.gather(logits, tf.cast(xs, "int32"));
      return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(ys, chosen);
    }
  }
  const ys = tf.cast(tf.oneHot([0, 1, 2, 0], 3), "float32");
  const [known, unknown] = [7, 1e6].map((row) => ({ xs: tf.fill([4], row), ys })) as [Batch, Batch];
  const run = async (compile: boolean) => {
    const net = seeded(3, () => nets["a multi-layer perceptron"]?.() ?? tf.sequential());
    const model = new Counting(net, ways["adam"]?.configure ?? (() => []));
    const trainer = new CompilingTrainer({
      ...{ maxEpochs: 1, seed: 7, compile, logger: false },
      ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    });
    const train = [...Array.from({ length: 6 }, () => known), unknown];
    const before = tf.memory().numTensors;
    const failure = await trainer.fit(model, { train }).then(() => null, String);
    const tensors = tf.memory().numTensors - before;
    const replays = trainer.explainCompile().steps.reduce((sum, step) => sum + step.replays, 0);
    return { failure, values: valuesOf(weightsOf(model)), replays, tensors };
  };
  const [eager, compiled] = [await run(false), await run(true)];
  expect(compiled.failure).toMatch(/the index value 1000000 is not in \[0, 7\]/);
  expect(compiled.failure).toBe(eager.failure);
  expect(compiled.values).toEqual(eager.values);
  expect(compiled.tensors).toBe(eager.tensors);
  expect(compiled.replays).toBe(3);
});
