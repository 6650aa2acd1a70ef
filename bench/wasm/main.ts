// Measures what the repair of tfjs's wasm backend is worth: see bench/wasm.md.
import * as tf from "@tensorflow/tfjs";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { recordResults } from "../results/recordResults.js";
import { resultRow, resultTable, type ResultRow } from "../results/resultTable.js";
import { digitImages } from "./digitImages.js";
import { startWasm } from "./kernelSets.js";
import { batchShapes, makeTrainee } from "./trainee.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    /** Writes the results into RESULTS.md. */
    record: { type: "boolean", default: false },
    only: { type: "string" },
    steps: { type: "string", default: "11" },
  },
});
const tasks = values.only?.split(",") ?? Object.keys(batchShapes);
const rows: ResultRow[] = [];
const kernels = await startWasm();
// Short steps need more of them to rise above the machine's noise.
for (const task of tasks) measure(task, Number(values.steps) * (task === "mlp-784" ? 20 : 1));
if (tasks.includes("digits-cnn")) learnDigits();
console.log(resultTable(rows));
if (values.record) recordResults("wasm", `${resultTable(rows)}\n\ntfjs ${tf.version_core}.`);
if (values.json !== undefined) {
  const versions = { node: process.version, tfjs: tf.version_core };
  writeFileSync(values.json, JSON.stringify({ bench: "wasm", versions, rows }, null, 1));
}

/** Times steps with tfjs's own kernels and with the repaired ones by turns. */
function measure(task: string, steps: number): void {
  const shape = batchShapes[task];
  if (shape === undefined)
    throw new Error(`Unknown task ${task}; there are ${Object.keys(batchShapes).join(", ")}.`);
  const xs = tf.randomNormal([...shape]);
  const labels = Int32Array.from({ length: shape[0] ?? 0 }, (_, index) => index % 10);
  const sides = (["stock", "repaired"] as const).map((name) => ({
    name,
    use: kernels[name],
    trainee: makeTrainee(task),
    times: [] as number[],
  }));
  for (let round = -2; round < steps; round++) {
    for (const side of sides) {
      side.use();
      try {
        const started = performance.now();
        side.trainee.step(xs, labels);
        // The first steps warm up.
        if (round >= 0) side.times.push(performance.now() - started);
      } catch (error) {
        if (round === -2) console.log(`${task}, ${side.name}: ${String(error).split("\n")[0] ?? ""}`);
      }
    }
  }
  const [stock = [], repaired = []] = sides.map(({ times }) => times);
  for (const { name, times } of sides) add(task, `ms per step, ${name}`, times);
  add(
    task,
    "repaired / stock",
    stock.map((time, index) => (repaired[index] ?? Number.NaN) / time),
  );
  xs.dispose();
}

/** One epoch on four fifths of the digits; the share of the others that it then gets right. */
function learnDigits(): void {
  kernels.repaired();
  const { xs, labels } = digitImages();
  const { net, step } = makeTrainee("digits-cnn");
  const held = Math.floor(labels.length / 5);
  for (let start = held; start + 64 <= labels.length; start += 64) {
    tf.tidy(() => step(tf.slice(xs, start, 64), labels.subarray(start, start + 64)));
  }
  const picks = tf.tidy(() => tf.argMax(net.predict(tf.slice(xs, 0, held)) as tf.Tensor, 1).dataSync());
  const right = [...picks].filter((pick, index) => pick === labels[index]).length;
  rows.push({
    task: "digits-cnn",
    measure: "accuracy after one epoch, repaired",
    value: right / held,
    spread: 0,
  });
}

function add(task: string, measure: string, times: readonly number[]): void {
  if (times.length > 0) rows.push(resultRow(task, measure, times));
}
