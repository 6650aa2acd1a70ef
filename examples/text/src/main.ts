// Tells code from prose: a tokenizer, an embedding, and classes that are not equally frequent.
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import {
  confusionMatrix,
  DataLoader,
  f1,
  fromLayers,
  prepareRuntime,
  seeded,
  split,
  Trainer,
  type Accelerator,
} from "fulmine";
import { loadLines, type Line } from "./loadLines.js";
import { makeTokenizer } from "./makeTokenizer.js";
import { LENGTH, toFields } from "./toFields.js";

const { values } = parseArgs({ options: { accelerator: { type: "string", default: "auto" } } });
await prepareRuntime(values.accelerator as Accelerator);

const lines = await loadLines();
const [train, val, test] = split(lines, [0.7, 0.15, 0.15], { seed: 1, stratify: ({ isCode }) => isCode });
const tokenizer = makeTokenizer(
  train.map(({ text }) => text),
  1000,
);
const pieces = tokenizer.get_vocab().size;
const code = train.filter(({ isCode }) => isCode === 1).length;
console.log(`${train.length} lines to train on, of which ${code} are code; ${pieces} pieces`);
console.log(`"fit the model" is ${tokenizer.tokenize("fit the model").join(" | ")}`);
console.log(`"refitting();" is ${tokenizer.tokenize("refitting();").join(" | ")}\n`);

const net = seeded(1, () =>
  tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: pieces, outputDim: 16, inputLength: LENGTH }),
      tf.layers.globalAveragePooling1d({}),
      tf.layers.dense({ units: 16, activation: "relu" }),
      tf.layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  }),
);
const model = fromLayers(net, {
  loss: "binaryCrossentropy",
  metrics: { acc: "accuracy", f1: f1() },
  // Both classes together weigh the same.
  classWeight: { 0: train.length / (2 * (train.length - code)), 1: train.length / (2 * code) },
});

const loaderOf = (part: readonly Line[], options: { shuffle?: boolean } = {}) =>
  new DataLoader(toFields(part, tokenizer), { batchSize: 64, ...options });
const trainer = new Trainer({ maxEpochs: 8, seed: 1, autoLrFind: true, enableModelSummary: false });
await trainer.fit(model, { train: loaderOf(train, { shuffle: true }), val: loaderOf(val) });

const held = loaderOf(test);
const { test_acc: accuracy = NaN, test_f1: score = NaN } = await trainer.test(model, held);
console.log(`\nHeld-out lines: accuracy ${accuracy.toFixed(3)}, F1 ${score.toFixed(3)}`);

const matrix = confusionMatrix({ numClasses: 2 });
for await (const { xs, ys } of held) {
  const predictions = tf.tidy(() => net.predict(xs) as tf.Tensor);
  matrix.update(predictions, ys);
  tf.dispose([xs, ys, predictions]);
}
const [[prose, proseAsCode], [codeAsProse, right]] = (await matrix.compute()) as [
  [number, number],
  [number, number],
];
console.log(
  `prose: ${prose} told, ${proseAsCode} taken for code; code: ${right} told, ${codeAsProse} taken for prose`,
);

const samples = ["const rate = finder.suggestion();", "The rate is the one at which the loss falls most."];
const fields = toFields(
  samples.map((text) => ({ text, isCode: 0 })),
  tokenizer,
);
const chances = tf.tidy(() =>
  (net.predict(tf.tensor(fields.xs.values, fields.xs.shape)) as tf.Tensor).dataSync(),
);
for (const [at, text] of samples.entries()) console.log(`${(chances[at] ?? NaN).toFixed(2)}  ${text}`);
