import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSystem, loadNative, node } from "../../../src/node.js";
import { listBuilds } from "../../../src/native/cache/nativeBuild.js";

const room = mkdtempSync(join(tmpdir(), "fulmine-node-"));
afterAll(() => rmSync(room, { recursive: true }));

it("says before a load what to call first", () => {
  expect(() => node.decodePng(new Uint8Array(1))).toThrow(
    /needs the native backend.*useAccelerator\("native"\)/,
  );
  expect(() => fileSystem(room)).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
});

describe.skipIf(listBuilds().length === 0)("what tfjs-node has under tf.node", () => {
  beforeAll(() => {
    loadNative({ threads: 1 });
  });

  it("encodes and decodes images", async () => {
    const before = tf.memory().numTensors;
    const image = tf.tidy(() => tf.range(0, 60, 1, "int32").as3D(4, 5, 3));
    const decoded = node.decodeImage(await node.encodePng(image));
    expect(decoded.dtype).toBe("int32");
    expect(await decoded.array()).toEqual(await image.array());
    const grey = node.decodeJpeg(await node.encodeJpeg(image), 1);
    expect(grey.shape).toEqual([4, 5, 1]);
    tf.dispose([image, decoded, grey]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("saves and loads models by file:// and by a handler, with the program's own tfjs", async () => {
    const before = tf.memory().numTensors;
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 3 })] });
    await model.save(`file://${room}/one`);
    await model.save(fileSystem(join(room, "two")));
    const loaded = [
      await tf.loadLayersModel(`file://${room}/two/model.json`),
      await tf.loadLayersModel(fileSystem(join(room, "one/model.json"))),
    ];
    const [own, ...others] = [model, ...loaded].map((each) => each.getWeights()[0]?.arraySync());
    for (const weights of others) expect(weights).toEqual(own);
    for (const each of [model, ...loaded]) each.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("writes summaries for TensorBoard", () => {
    const writer = node.summaryFileWriter(join(room, "logs"));
    writer.scalar("loss", 0.5, 1);
    const values = tf.tensor1d([1, 2, 3]);
    writer.histogram("values", values, 1, 3);
    writer.flush();
    values.dispose();
    const [file = ""] = readdirSync(join(room, "logs"));
    expect(file).toMatch(/^events\.out\.tfevents\./);
    expect(statSync(join(room, "logs", file)).size).toBeGreaterThan(100);
  });
});
