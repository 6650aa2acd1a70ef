import * as tf from "@tensorflow/tfjs";
import { useAccelerator } from "@fulmine/runtime";

const weight = tf.variable(tf.tensor2d([[1], [1]]));
await tf.setBackend("cpu");
const before = await tf.matMul(tf.ones([1, 2]), weight).array();
const { accelerator, backend, version, line } = await useAccelerator("native", { threads: 1 });
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
const [xs, ys] = [tf.ones([8, 2]), tf.ones([8, 1])];
let loss: unknown;
for (let step = 0; step < 40; step++) loss = await model.trainOnBatch(xs, ys);
const after = await tf.matMul(tf.ones([1, 2]), weight).array();
process.stdout.write(JSON.stringify({ accelerator, backend, version, line, before, after, loss }));
