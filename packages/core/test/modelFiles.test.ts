import * as tf from "@tensorflow/tfjs";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Trainer } from "@fulmine/core";
import { modelFiles } from "@fulmine/core/node";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "./support/tinyModule.js";

const room = mkdtempSync(join(tmpdir(), "fulmine-model-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

test("a trained net is saved in tfjs's own form and is the same when it is loaded", async () => {
  const model = makeTiny(TinyModule);
  await new Trainer({ enableProgressBar: false, maxEpochs: 2 }).fit(model, { train: makeLoader() });
  const folder = join(room, "a", "net");
  await model.net.save(modelFiles(folder));
  expect(readdirSync(folder).sort()).toEqual(["model.json", "weights.bin"]);
  const net = await tf.loadLayersModel(modelFiles(folder));
  expect(weightsOf({ net })).toEqual(weightsOf(model));
  const xs = tf.ones([2, 4]);
  const outputs = [model.net, net].map((one) => [...(one.predict(xs) as tf.Tensor).dataSync()]);
  expect(outputs[0]).toEqual(outputs[1]);
});

test("a file that is no model is an error that names it", async () => {
  const folder = mkdtempSync(join(room, "bad-"));
  writeFileSync(join(folder, "model.json"), "[1]");
  await expect(tf.loadLayersModel(modelFiles(folder))).rejects.toThrow(
    "The file is not a model of TensorFlow.js.",
  );
  writeFileSync(join(folder, "model.json"), "{");
  await expect(tf.loadLayersModel(modelFiles(folder))).rejects.toThrow(join(folder, "model.json"));
});
