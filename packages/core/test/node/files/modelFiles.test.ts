import * as tf from "@tensorflow/tfjs";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { FulmineError, Trainer } from "@fulmine/core";
import { modelFiles, nodeFiles } from "@fulmine/core/node";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../../support/tinyModule.js";

const room = mkdtempSync(join(tmpdir(), "fulmine-model-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

test("a trained net is saved in tfjs's own form and is the same when it is loaded", async () => {
  const model = makeTiny(TinyModule);
  await new Trainer({ enableProgressBar: false, maxEpochs: 2 }).fit(model, { train: makeLoader() });
  const folder = join(room, "a", "net");
  await model.net.save(modelFiles(folder));
  expect(readdirSync(folder).sort()).toEqual([
    "model.json",
    expect.stringMatching(/^weights-[\da-f]{12}\.bin$/),
  ]);
  const net = await tf.loadLayersModel(modelFiles(folder));
  expect(weightsOf({ net })).toEqual(weightsOf(model));
  const xs = tf.ones([2, 4]);
  const outputs = [model.net, net].map((one) => [...(one.predict(xs) as tf.Tensor).dataSync()]);
  expect(outputs[0]).toEqual(outputs[1]);
});

/** A net of one number, and the number that a folder's net has. */
const netOf = (value: number): tf.Sequential => {
  const init = tf.initializers.constant({ value });
  const layer = tf.layers.dense({ inputShape: [1], units: 1, useBias: false, kernelInitializer: init });
  return tf.sequential({ layers: [layer] });
};
const numberIn = async (folder: string): Promise<number> => {
  const net = await tf.loadLayersModel(modelFiles(folder));
  const [value] = net.getWeights()[0]?.dataSync() ?? [];
  net.dispose();
  return value ?? NaN;
};

describe("a net saved over another", () => {
  test("leaves the new pair, and nothing of the former one but what is not its own", async () => {
    const folder = mkdtempSync(join(room, "again-"));
    writeFileSync(join(folder, "notes.txt"), "");
    for (const value of [1, 2, 2, 3]) {
      await netOf(value).save(modelFiles(folder));
      expect(await numberIn(folder)).toBe(value);
      expect(readdirSync(folder)).toHaveLength(3);
    }
  });

  test("that can't be written leaves the former pair as it was, and nothing else", async () => {
    const folder = mkdtempSync(join(room, "full-"));
    await netOf(1).save(modelFiles(folder));
    const before = readdirSync(folder);
    for (const fails of ["model.json", "weights"]) {
      const write = vi.spyOn(nodeFiles, "write").mockImplementation(async (path, content) => {
        if (path.includes(`${folder}/${fails}`)) throw new FulmineError("UNAVAILABLE", "The disk is full.");
        writeFileSync(path, content);
      });
      await expect(netOf(2).save(modelFiles(folder))).rejects.toMatchObject({ code: "UNAVAILABLE" });
      // The same weights are those of the former pair, and stay.
      await expect(netOf(1).save(modelFiles(folder))).rejects.toMatchObject({ code: "UNAVAILABLE" });
      write.mockRestore();
      expect(readdirSync(folder)).toEqual(before);
      expect(await numberIn(folder)).toBe(1);
    }
  });

  test("is never read by halves", async () => {
    const folder = mkdtempSync(join(room, "race-"));
    await netOf(0).save(modelFiles(folder));
    const saving = (async () => {
      for (let value = 1; value <= 20; value++) await netOf(value).save(modelFiles(folder));
    })();
    let last = 0;
    while (last < 20) {
      const value = await numberIn(folder);
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
    await saving;
  });
});

test("a net that can't be written leaves no folder", async () => {
  const folder = join(room, "never");
  const write = vi.spyOn(nodeFiles, "write").mockImplementation(async (path) => {
    mkdirSync(folder);
    throw new FulmineError("UNAVAILABLE", "The disk is full.", { received: path });
  });
  await expect(netOf(2).save(modelFiles(folder))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  write.mockRestore();
  expect(existsSync(folder)).toBe(false);
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

test("a folder without a model, or without its weights, is an error that names it", async () => {
  const folder = join(room, "nowhere");
  const loading = tf.loadLayersModel(modelFiles(folder));
  await expect(loading).rejects.toMatchObject({ code: "INVALID_DATA" });
  await expect(loading).rejects.toThrow(
    `There is no model that can be read. Received: "${join(folder, "model.json")}"`,
  );

  await netOf(1).save(modelFiles(folder));
  rmSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".bin")) ?? ""));
  await expect(tf.loadLayersModel(modelFiles(folder))).rejects.toThrow(
    "The weights of the model can't be read.",
  );
});
