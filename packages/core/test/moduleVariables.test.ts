import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { findVariables } from "@fulmine/core";

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
    '`parts.0` holds the layer "lazy" that has no weights yet. Give `inputShape` to its first layer',
  );
});
