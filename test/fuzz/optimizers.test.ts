import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect } from "vitest";
import * as core from "@fulmine/core";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { hostileOptions } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

const valid = {
  lr: [() => 0.1, () => 0, () => 1e-3],
  momentum: [() => 0, () => 0.9],
  dampening: [() => 0],
  nesterov: [() => false],
  betas: [() => [0.9, 0.999], () => [0, 0]],
  eps: [() => 1e-8],
  weightDecay: [() => 0, () => 0.1],
  amsgrad: [() => true, () => false],
  lrDecay: [() => 0, () => 1],
  initialAccumulator: [() => 0, () => 0.1],
  alpha: [() => 0.9],
  centered: [() => true],
  rho: [() => 0.9],
  momentumDecay: [() => 0.004],
  decoupledWeightDecay: [() => true],
  groups: [() => undefined],
};
type Setting = keyof typeof valid;
const settings: Readonly<Record<string, readonly Setting[]>> = {
  sgd: ["momentum", "dampening", "nesterov", "weightDecay"],
  adam: ["betas", "eps", "weightDecay", "amsgrad"],
  adamw: ["betas", "eps", "weightDecay", "amsgrad"],
  adamax: ["betas", "eps", "weightDecay"],
  nadam: ["betas", "eps", "weightDecay", "momentumDecay", "decoupledWeightDecay"],
  radam: ["betas", "eps", "weightDecay", "decoupledWeightDecay"],
  adagrad: ["lrDecay", "initialAccumulator", "eps", "weightDecay"],
  adadelta: ["rho", "eps", "weightDecay"],
  rmsprop: ["alpha", "eps", "momentum", "centered", "weightDecay"],
};

const anyOptimizer = fc.constantFrom(...Object.keys(settings)).chain((name) => {
  const own = ["lr", "groups", ...(settings[name] ?? [])] as const;
  const known = Object.fromEntries(own.map((key) => [key, valid[key]]));
  return fc.tuple(fc.constant(name), hostileOptions(known, ["lr"]));
});

property(
  "an optimizer is made and steps, or its settings are refused",
  170,
  anyOptimizer,
  ([name, { make }]) => {
    const create = core[name as "adam"];
    const optimizer = create(make());
    const variables = tf.tidy(() => [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.scalar(3))]);
    const grads = variables.map((variable) => tf.onesLike(variable));
    try {
      optimizer.attach(variables);
      expect(optimizer.lr).toBeGreaterThanOrEqual(0);
      for (let step = 0; step < 2; step++)
        optimizer.step(new Map(variables.map((variable, at) => [variable, grads[at] as tf.Tensor])));
      if (optimizer.lr === 0) expect([...(variables[0]?.dataSync() ?? [])]).toEqual([1, -2]);
    } finally {
      optimizer.dispose();
      tf.dispose([...variables, ...grads]);
    }
  },
  (end, [, { isMisspelt, isValid }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(core.FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

const groupSettings = { params: [() => []], lr: valid.lr, momentum: valid.momentum };

property(
  "a group of parameters is taken, or its settings are refused",
  45,
  fc.tuple(hostileOptions(groupSettings, ["params"]), hostile, hostile),
  async ([group, params, groups]) => {
    const [own, other] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]);
    const train = (make: () => core.Optimizer): void => {
      const optimizer = make();
      optimizer.attach([own, other]);
      for (const param of optimizer.params) expect([own, other]).toContain(param);
      optimizer.dispose();
    };
    await endOf(() => train(() => core.sgd({ lr: 0.1, groups: [group.make(), { params: [own] }] })));
    await endOf(() => train(() => core.sgd({ lr: 0.1, groups: [{ params: params() as never }] })));
    await endOf(() => train(() => core.sgd({ lr: 0.1, groups: [{ params: [params() as never] }] })));
    await endOf(() => train(() => core.sgd({ lr: 0.1, groups: groups() as never })));
    tf.dispose([own, other]);
  },
);

property("an optimizer of TensorFlow.js is taken, and nothing else", 30, hostile, (make) => {
  const value = make();
  expect(() => core.fromTfjsOptimizer(value as never)).toThrow(core.FulmineError);
  const inner = tf.train.adam(0.1);
  core.fromTfjsOptimizer(inner).dispose();
});
