import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, adamw, FulmineError, sgd, type Optimizer } from "@fulmine/core";
import { adadelta } from "../../src/optim/rules/adadelta.js";
import { adagrad } from "../../src/optim/rules/adagrad.js";
import { adamax } from "../../src/optim/rules/adamax.js";
import { nadam, nadamMomentum, nadamRule } from "../../src/optim/rules/nadam.js";
import { radam } from "../../src/optim/rules/radam.js";
import { rmsprop } from "../../src/optim/rules/rmsprop.js";
import { oracle } from "../../../../test/support/oracle.js";

interface OptimizerOracle {
  readonly w0: number[];
  readonly A: number[];
  readonly t: number[];
  readonly optimizers: readonly { readonly name: string; readonly w: number[][] }[];
}

/** The optimizers of the reference data, by the words that describe them there. */
const made: Record<string, (options: { lr: number } & Record<string, never>) => Optimizer> = {
  sgd,
  adam,
  adamw,
  rmsprop,
  adagrad,
  adadelta,
  adamax,
  nadam,
  radam,
};
const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function parse(text: string): Optimizer {
  const [kind = "", ...words] = text.split(" ");
  const options: Record<string, unknown> = {};
  for (const word of words) {
    const [key = "", value] = word.split("=");
    const numbers = value?.split(",").map(Number) ?? [];
    options[camelCase(key)] = value === undefined ? true : numbers.length === 1 ? numbers[0] : numbers;
  }
  const make = made[kind];
  if (make === undefined) throw new Error(`no optimizer is known for "${text}"`);
  return make(options as { lr: number } & Record<string, never>);
}

const { w0, A, t, optimizers } = oracle<OptimizerOracle>("optimizers");

function startingPoint(): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(w0)));
}

/** Minimizes mean((A w - t)²) and gives w after each step. */
function descend(optimizer: Optimizer, steps: number, w = startingPoint()): number[][] {
  const [matrix, target] = [tf.tensor2d(A, [6, 6]), tf.tensor1d(t)];
  optimizer.attach([w]);
  const path: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const loss = (): tf.Scalar =>
      tf.mean(tf.square(tf.sub(tf.reshape(tf.matMul(matrix, tf.reshape(w, [6, 1])), [6]), target)));
    const { value, grads } = tf.variableGrads(loss, [w]);
    const gradient = grads[w.name];
    if (gradient === undefined) throw new Error("no gradient");
    optimizer.step(new Map([[w, gradient]]));
    tf.dispose([value, gradient]);
    path.push([...w.dataSync()]);
  }
  tf.dispose([matrix, target]);
  return path;
}

describe("optimizers take the steps that PyTorch's take", () => {
  for (const { name, w: expected } of optimizers) {
    test(name, () => {
      const optimizer = parse(name);
      const path = descend(optimizer, expected.length);
      for (const [step, weights] of expected.entries()) {
        for (const [index, weight] of weights.entries()) {
          const got = path[step]?.[index] ?? NaN;
          expect(Math.abs(got - weight)).toBeLessThanOrEqual(1e-6 + 1e-5 * Math.abs(weight));
        }
      }
      optimizer.dispose();
    });
  }
});

test("an optimizer restored from a snapshot goes on bit for bit", () => {
  const w = startingPoint();
  const optimizer = adamw({ lr: 0.05, weightDecay: 0.1, amsgrad: true });
  descend(optimizer, 5, w);
  const snapshot = optimizer.snapshot();
  const weights = w.clone();
  const first = descend(optimizer, 5, w);
  optimizer.lr = 3;
  optimizer.restore(snapshot);
  w.assign(weights);
  expect(optimizer.lr).toBe(0.05);
  expect(descend(optimizer, 5, w)).toEqual(first);
});

test("an optimizer's tensors are as many as its slots, and none after it is disposed", () => {
  const before = tf.memory().numTensors;
  const w = startingPoint();
  const optimizer = adam({ lr: 0.1 });
  descend(optimizer, 30, w);
  expect(tf.memory().numTensors).toBe(before + 3);
  optimizer.dispose();
  w.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test("what depends on the step alone is the same whichever way the step is reached", () => {
  const scalars = (step: number): object =>
    nadamRule.scalars(
      { lr: 1, betas: [0.9, 0.99], eps: 0, weightDecay: 0, decoupledWeightDecay: false, momentumDecay: 0.01 },
      step,
    );
  const late = scalars(200);
  scalars(3);
  expect(scalars(200)).toEqual(late);
  let product = 1;
  for (let step = 1; step <= 200; step++) product *= 0.9 * (1 - 0.5 * 0.96 ** (step * 0.01));
  expect(nadamMomentum(0.9, 0.01, 200).product / product).toBeCloseTo(1, 12);
});

test("a rate of 0 does not lose the groups' proportions", () => {
  const optimizer = sgd({ lr: 1, groups: [{ params: [] }, { params: [], lr: 0.1 }] });
  optimizer.lr = 0;
  optimizer.lr = 3;
  expect(optimizer.paramGroups.map((group) => group.lr)).toEqual([3, expect.closeTo(0.3, 12)]);
});

test("groups keep settings and rates of their own, and their proportion when the rate is set", () => {
  const [a, b, c] = [
    tf.variable(tf.scalar(1)),
    tf.variable(tf.scalar(1)),
    tf.variable(tf.scalar(1)),
  ] as const;
  const optimizer = sgd({
    lr: 1,
    weightDecay: 0.5,
    groups: [{ params: [a] }, { params: [b], lr: 0.1, weightDecay: 0 }],
  });
  optimizer.attach([a, b, c]);
  const one = tf.scalar(1);
  optimizer.step(
    new Map([
      [a, one],
      [b, one],
      [c, one],
    ]),
  );
  expect([a, b, c].map((variable) => variable.dataSync()[0])).toEqual([-0.5, expect.closeTo(0.9, 6), 1]);
  optimizer.lr = 2;
  expect(optimizer.paramGroups.map((group) => group.lr)).toEqual([2, 0.2]);
});

describe("gradients that can't be their variable's are errors, and nothing has changed", () => {
  const cases: [string, () => tf.Tensor, string][] = [
    [
      "of another shape",
      () => tf.ones([2, 1]),
      'variable "w" must be float32 [2]. Received: "float32 [2, 1]"',
    ],
    [
      "of another type",
      () => tf.ones([2], "int32"),
      'variable "w" must be float32 [2]. Received: "int32 [2]"',
    ],
    ["disposed", disposed, 'The gradient of the variable "w" is disposed.'],
  ];
  test.each(cases)("%s", (_, bad, message) => {
    const w = tf.variable(tf.tensor1d([1, 2]), true, "w");
    const v = tf.variable(tf.tensor1d([3, 4]));
    const optimizer = rmsprop({ lr: 0.1 });
    optimizer.attach([v, w]);
    const good = tf.ones([2]);
    const step = (gradient: tf.Tensor): void =>
      optimizer.step(
        new Map([
          [v, good],
          [w, gradient],
        ]),
      );
    step(good);
    const before = [v, w].map((variable) => variable.dataSync());
    expect(() => step(bad())).toThrow(message);
    expect([v, w].map((variable) => variable.dataSync())).toEqual(before);
    step(good);
    tf.dispose([v, w]);
  });
});

function disposed(): tf.Tensor {
  const tensor = tf.ones([2]);
  tensor.dispose();
  return tensor;
}

describe("bad settings are errors that name them", () => {
  const cases: [string, () => unknown, string][] = [
    [
      "a missing rate",
      () => sgd({} as { lr: number }),
      "`lr` of `sgd` must be a finite number of at least 0 that float32 can hold. Received: undefined",
    ],
    ["a rate that is not a number", () => adam({ lr: NaN }), "Received: NaN"],
    [
      "an unknown setting",
      () => adam({ lr: 1, momentum: 1 } as { lr: number }),
      "`adam` has no option `momentum`",
    ],
    [
      "Nesterov without momentum",
      () => sgd({ lr: 1, nesterov: true }),
      "`nesterov` of `sgd` needs a momentum above 0",
    ],
    [
      "a negative weight decay in a group",
      () => sgd({ lr: 1, groups: [{ params: [], weightDecay: -1 }] }),
      "Received: -1",
    ],
  ];
  const more: typeof cases = [
    [
      "a decay rate of 1",
      () => adam({ lr: 1, betas: [0.9, 1] }),
      "`betas` of `adam` must be two numbers from 0 to below 1",
    ],
    ["one decay rate", () => adam({ lr: 1, betas: [0.9] as never }), "`betas` of `adam` must be two numbers"],
    [
      "a share of 1",
      () => rmsprop({ lr: 1, alpha: 1 }),
      "`alpha` of `rmsprop` must be a number from 0 to below 1",
    ],
    [
      "a number for a switch",
      () => radam({ lr: 1, decoupledWeightDecay: 1 as never }),
      "must be true or false. Received: 1",
    ],
    [
      "a switch for a number",
      () => adagrad({ lr: 1, lrDecay: true as never }),
      "`lrDecay` of `adagrad` must be a finite",
    ],
  ];
  test.each([...cases, ...more])("%s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });
});
