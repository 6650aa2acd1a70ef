// Measures what the repair of tfjs's wasm backend is worth: see bench/wasm.md.
import * as tf from "@tensorflow/tfjs";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { digitImages } from "./digitImages.js";
import { startWasm } from "./kernelSets.js";
import { batchShapes, makeTrainee } from "./trainee.js";

const { values } = parseArgs({
  options: { json: { type: "string" }, only: { type: "string" }, steps: { type: "string", default: "11" } },
});
const tasks = values.only?.split(",") ?? Object.keys(batchShapes);
const rows: { task: string; measure: string; value: number; spread: number }[] = [];
const kernels = await startWasm();
// Short steps need more of them to rise above the machine's noise.
for (const task of tasks) measure(task, Number(values.steps) * (task === "mlp-784" ? 20 : 1));
if (tasks.includes("digits-cnn")) learnDigits();
console.table(rows.map((row) => ({ ...row, value: round(row.value), spread: round(row.spread) })));
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

/** A row of a median and half the range between the quartiles; none where nothing was measured. */
function add(task: string, measure: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  if (sorted.length === 0) return;
  rows.push({ task, measure, value: at(0.5), spread: (at(0.75) - at(0.25)) / 2 });
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
