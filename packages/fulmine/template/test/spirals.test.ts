import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "fulmine";
import * as spirals from "../src/train.js";

const quiet = { ...spirals.trainer, accelerator: "wasm", enableProgressBar: false } as const;

test("learns to tell the spirals apart at the rate that it finds", async () => {
  const model = spirals.model();
  const { metrics } = await new Trainer({ ...quiet, autoLrFind: true }).fit(model, spirals.data());
  assert.notEqual(model.hparams.lr, 1e-3);
  assert.ok((metrics["val_acc"] ?? 0) > 0.95, `val_acc is ${metrics["val_acc"]}`);
});

test("a search leaves the model as it was", async () => {
  const model = spirals.model();
  const weights = () => model.net.getWeights().map((weight) => Array.from(weight.dataSync()));
  const before = weights();
  const finder = await new Trainer(quiet).findLr(model, spirals.data());
  assert.ok(finder.suggestion() !== null);
  assert.deepEqual(weights(), before);
});
