import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, adamw, FulmineError, sgd, type Optimizer } from "@fulmine/core";
import { oracle } from "../../../test/support/oracle.js";

interface OptimizerOracle {
  readonly w0: number[];
  readonly A: number[];
  readonly t: number[];
  readonly optimizers: readonly { readonly name: string; readonly w: number[][] }[];
}

/** The optimizers of the reference data that are here, by the words that describe them there. */
const made: Record<string, (options: { lr: number } & Record<string, never>) => Optimizer> = {
  sgd,
  adam,
  adamw,
};
const names: Record<string, string> = {
  weight_decay: "weightDecay",
  eps: "eps",
  momentum: "momentum",
  dampening: "dampening",
};

function parse(text: string): Optimizer | null {
  const [kind = "", ...words] = text.split(" ");
  const options: Record<string, unknown> = {};
  for (const word of words) {
    const [key = "", value] = word.split("=");
    if (value === undefined) options[key] = true;
    else if (key === "betas") options["betas"] = value.split(",").map(Number);
    else options[names[key] ?? key] = Number(value);
  }
  return made[kind]?.(options as { lr: number } & Record<string, never>) ?? null;
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
    const optimizer = parse(name);
    if (optimizer === null) continue;
    test(name, () => {
      const path = descend(optimizer, expected.length);
      for (const [step, weights] of expected.entries()) {
        for (const [index, weight] of weights.entries()) {
          const got = path[step]?.[index] ?? NaN;
          expect(Math.abs(got - weight)).toBeLessThanOrEqual(1e-5 + 1e-4 * Math.abs(weight));
        }
      }
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

describe("bad settings are errors that name them", () => {
  const cases: [string, () => unknown, string][] = [
    [
      "a missing rate",
      () => sgd({} as { lr: number }),
      "`lr` of `sgd` must be a finite number of at least 0. Received: undefined",
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
  test.each(cases)("%s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });
});
