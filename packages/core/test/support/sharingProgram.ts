import { writeFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { DataLoader, fromLayers, ModelCheckpoint, Trainer } from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import { nodeFiles } from "@fulmine/core/node";
import { temporaryName } from "../../src/node/files/temporaryFile.js";

/** What a program does with the folder, and the folder. */
const [task = "", folder = ""] = process.argv.slice(2);

/** Leaves a file half-written, as a program does that is in the middle of a save, and lives on. */
function hold(): void {
  writeFileSync(temporaryName(`${folder}/held.ckpt`), "");
  setInterval(() => undefined, 60_000);
}

/** Trains and saves until every epoch has its file, and prints the paths of those that it keeps. */
async function train(): Promise<void> {
  class OnDisk extends Trainer {
    protected override readonly platform: Platform = { ...portablePlatform, files: nodeFiles };
  }
  const net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [64], units: 64 })] });
  const values = new Float32Array(64 * 64);
  const data = new DataLoader(
    { xs: { values, shape: [64, 64] }, ys: { values, shape: [64, 64] } },
    { batchSize: 64 },
  );
  const saver = new ModelCheckpoint({ dirpath: folder, filename: "{epoch}", saveTopK: 3, saveLast: true });
  const options = { maxEpochs: 12, enableProgressBar: false, enableModelSummary: false, callbacks: [saver] };
  await new OnDisk(options).fit(fromLayers(net, { loss: "meanSquaredError" }), { train: data });
  process.stdout.write(JSON.stringify([...Object.keys(saver.bestKModels), saver.lastModelPath]));
}

process.stdout.write("READY\n");
process.stdin.once("data", () => {
  process.stdin.pause();
  if (task === "hold") {
    hold();
    process.stdout.write("HELD\n");
  } else void train();
});
