import { makeOptimizer, type UpdateInput, type UpdateRule } from "@fulmine/core/plugin";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";

type Slots = { readonly one: tf.Tensor; readonly other: tf.Tensor };
type Given = UpdateInput<object, Slots, "lr">;

/** The next slots of a rule, made of what the update was given; `own` makes a tensor of the same value. */
type NextSlots = (given: Given, own: (tensor: tf.Tensor) => tf.Tensor) => Slots;

const asIs = (tensor: tf.Tensor): tf.Tensor => tensor;
const copied = (tensor: tf.Tensor): tf.Tensor => tf.add(tensor, 0);

/** A rule that moves a parameter by its gradient and by the slots. */
function ruleOf(next: NextSlots, own: (tensor: tf.Tensor) => tf.Tensor): UpdateRule<object, Slots, "lr"> {
  return {
    name: "own",
    slots: () => ({ one: 0.5, other: 0.25 }),
    scalars: ({ lr }) => ({ lr }),
    update(given) {
      const { param, grad, slots, scalars } = given;
      const direction = tf.add(grad, tf.sub(slots.one, tf.mul(slots.other, 3)));
      return { param: tf.sub(param, tf.mul(direction, scalars.lr)), slots: next(given, own) };
    },
  };
}

/** The parameter after each of four steps; each step's gradient is disposed after it. */
function trained(rule: UpdateRule<object, Slots, "lr">): number[][] {
  const weights = tf.tidy(() => tf.variable(tf.tensor1d([1, -2, 3])));
  const optimizer = makeOptimizer<object>(rule, {}, { lr: 0.1 });
  optimizer.attach([weights]);
  const seen = [1, 2, 3, 4].map((step) => {
    const grad = tf.tensor1d([step, -step, 0.5]);
    optimizer.step(new Map([[weights, grad]]));
    grad.dispose();
    return Array.from(weights.dataSync());
  });
  optimizer.dispose();
  weights.dispose();
  return seen;
}

describe("an update may give as a slot's next value", () => {
  const cases: Record<string, NextSlots> = {
    "the gradient": ({ grad, slots }, own) => ({ one: own(grad), other: slots.other }),
    "the parameter": ({ param, slots }, own) => ({ one: own(param), other: slots.other }),
    "the slot itself": ({ slots }, own) => ({ one: own(slots.one), other: own(slots.other) }),
    "another slot, which gets a new value": ({ grad, slots }, own) => ({
      ...{ one: own(slots.other), other: tf.mul(grad, 2) },
    }),
    "another slot, whose new value comes first": ({ grad, slots }, own) => ({
      ...{ one: tf.mul(grad, 2), other: own(slots.one) },
    }),
    "the other of two": ({ slots }, own) => ({ one: own(slots.other), other: own(slots.one) }),
    "what another slot gets too": ({ grad }, own) => {
      const both = tf.mul(grad, 2);
      return { one: both, other: own(both) };
    },
  };
  test.each(Object.entries(cases))("%s", (_, next) => {
    const before = tf.memory().numTensors;
    expect(trained(ruleOf(next, asIs))).toEqual(trained(ruleOf(next, copied)));
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("an update may leave a parameter as it is", () => {
  const rule = ruleOf(({ slots }) => slots, asIs);
  const resting = { ...rule, update: ({ param, slots }: Given) => ({ param, slots }) };
  const values = [1, -2, 3];
  expect(trained(resting)).toEqual([values, values, values, values]);
});
