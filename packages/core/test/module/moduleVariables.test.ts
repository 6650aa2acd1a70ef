import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, findVariables, fromTfjsOptimizer, seeded, Trainer, type Batch } from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

test("a module's variables are found in layers, models, maps, arrays and plain objects, each once", () => {
  const dense = tf.layers.dense({ inputShape: [2], units: 3 });
  const model = tf.sequential({ layers: [dense, tf.layers.batchNormalization()] });
  const [a, b, c, d] = [1, 2, 3, 4].map((value) => tf.variable(tf.scalar(value))) as [
    tf.Variable,
    tf.Variable,
    tf.Variable,
    tf.Variable,
  ];
  const { trainable, all } = findVariables({
    model,
    dense,
    a,
    list: [a, b],
    nested: { c },
    map: new Map([["d", d]]),
    text: "x",
    fn: () => 1,
  });
  expect(all).toHaveLength(6 + 4);
  expect(trainable).toHaveLength(4 + 4);
  for (const variable of [a, b, c, d]) expect(trainable).toContain(variable);
});

test("frozen layers and variables are found, but not trained", () => {
  const dense = tf.layers.dense({ inputShape: [2], units: 3 });
  const model = tf.sequential({ layers: [dense, tf.layers.dense({ units: 1 })] });
  dense.trainable = false;
  const { trainable, all } = findVariables({ model, fixed: tf.variable(tf.scalar(1), false) });
  expect([trainable.length, all.length]).toEqual([2, 5]);
});

test("a layer without weights is an error that says what to do", () => {
  const lazy = tf.layers.dense({ units: 3, name: "lazy" });
  expect(() => findVariables({ parts: [lazy] })).toThrow(
    '`parts.0` contains the layer "lazy", which has no weights yet. Set the `inputShape` of its first layer',
  );
});

/** A part of a model as a user writes it, without being a Module. */
class Block {
  readonly w = tf.variable(tf.ones([2, 2]));
  readonly inner: Block | null;

  constructor(depth: number) {
    this.inner = depth === 0 ? null : new Block(depth - 1);
  }
}

test("variables are found in objects of the user's own classes, however deep", () => {
  const { trainable } = findVariables({ block: new Block(2), list: [new Block(0)] });
  expect(trainable).toHaveLength(4);
});

test("a chain of 100,000 objects is no hindrance", () => {
  class Link {
    constructor(readonly next: unknown) {}
  }
  let chain: unknown = tf.variable(tf.scalar(1));
  for (let at = 0; at < 100_000; at++) chain = new Link(chain);
  expect(findVariables({ chain }).all).toHaveLength(1);
});

test("what optimizers and Trainers hold is no variable of the module", () => {
  const w = tf.variable(tf.scalar(1));
  const tfjs = tf.train.adam(0.1);
  const optimizer = adam({ lr: 0.1, groups: [{ params: [tf.variable(tf.scalar(2))] }] });
  const { all } = findVariables({
    w,
    tfjs,
    optimizer,
    trainer: new Trainer(),
    adapter: fromTfjsOptimizer(tfjs),
  });
  expect(all).toEqual([w]);
});

describe("a step that uses a variable which the module does not hold", () => {
  class Hidden extends TinyModule {
    readonly #scale: tf.Variable;

    constructor(hparams: { lr: number }, trainable = true) {
      super(hparams);
      this.#scale = tf.variable(tf.scalar(1), trainable, `hidden${Hidden.made++}`);
    }

    static made = 0;

    override loss(batch: Batch, training: boolean): tf.Tensor {
      return tf.mul(super.loss(batch, training), this.#scale);
    }
  }
  const trainer = (): Trainer => new Trainer({ enableProgressBar: false, maxEpochs: 1 });

  test("is refused before anything is trained", async () => {
    const model = makeTiny(Hidden);
    const before = weightsOf(model);
    const error: unknown = await trainer()
      .fit(model, { train: makeLoader() })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "FulmineError", code: "INVALID_STEP" });
    expect((error as Error).message).toMatch(
      /depends on the variable "hidden\d+", which the module does not hold/,
    );
    expect(weightsOf(model)[0]).toEqual(before[0]);
  });

  test("is run where the variable is not to be trained, or does not reach the loss", async () => {
    const frozen = seeded(7, () => new Hidden({ lr: 1e-2 }, false));
    expect((await trainer().fit(frozen, { train: makeLoader() })).steps).toBe(6);
    const counter = tf.variable(tf.scalar(0));
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        counter.assign(tf.add(counter, 1));
        return super.trainingStep(batch, batchIdx);
      }
    }
    await trainer().fit(makeTiny(Counting), { train: makeLoader() });
    expect(counter.dataSync()[0]).toBe(6);
  });
});
