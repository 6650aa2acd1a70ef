// Compares steps: compiled, op by op, by hand, tfjs's own fit, and bare PyTorch where Python has it; see bench/speed.md.
import { version_core } from "@tensorflow/tfjs";
import { prepareRuntime } from "fulmine";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Contest } from "./contenders.js";
import { tasks } from "./tasks.js";
import { startTorch } from "./torchPeer.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "string", default: tasks.map(({ name }) => name).join(",") },
    measures: { type: "string", default: "step,compile,fit,search,eager,overhead" },
    rounds: { type: "string", default: "7" },
    threads: { type: "string", default: "1" },
    python: { type: "string", default: "python3" },
  },
});
process.env["TF_NUM_INTRAOP_THREADS"] = values.threads;
process.env["TF_NUM_INTEROP_THREADS"] = values.threads;

const rows: { task: string; measure: string; value: number; spread: number }[] = [];
const measures = new Set(values.measures.split(","));
await prepareRuntime("native");
const torch = await startTorch(values.python, Number(values.threads));
if (torch === null)
  console.log("No PyTorch in this Python (--python PATH names another): its columns are left out.");
for (const task of tasks.filter(({ name }) => values.only.split(",").includes(name))) {
  const contest = new Contest(task);
  const rounds: Record<string, number[]> = {};
  const note = (measure: string, value: number): void => void (rounds[measure] ??= []).push(value);
  for (let round = 0; round < Number(values.rounds); round++) {
    if (measures.has("step")) {
      const { times, compiling } = await contest.trainer(true);
      const compiled = median(times);
      note("compiled step, ms", compiled);
      if (torch !== null) {
        const bare = median(await torch.time(task.name, "step", task.steps));
        note("PyTorch step, ms", bare);
        note("compiled / PyTorch", compiled / bare);
      }
      const eager = median((await contest.trainer(false)).times);
      note("eager step, ms", eager);
      note("compiled / eager", compiled / eager);
      note("compiling / eager step", compiling / eager);
      if (measures.has("eager")) note("eager Trainer / bare tfjs loop", eager / median(contest.bareLoop()));
    }
    if (measures.has("fit")) {
      const epochs = Math.ceil((task.steps * 2) / 8);
      note("fit / LayersModel.fit", (await contest.fit(epochs)) / (await contest.layersFit(epochs)));
    }
    if (measures.has("search")) {
      const search = await contest.search();
      note("search of 100 steps, ms", search);
      if (torch !== null) {
        const [loop = NaN] = await torch.time(task.name, "loop", 100);
        note("search / PyTorch loop", search / (100 * loop));
      }
    }
    if (measures.has("overhead")) {
      note("Trainer over its compiled loop, µs", await contest.overhead(false));
      note("with progress bar and CSV logger, µs", await contest.overhead(true));
    }
  }
  for (const [measure, all] of Object.entries(rounds)) {
    rows.push({ task: task.name, measure, value: median(all), spread: spread(all) });
  }
  console.table(
    rows
      .filter((row) => row.task === task.name)
      .map((row) => ({ ...row, value: round(row.value), spread: round(row.spread) })),
  );
}
torch?.close();
if (values.json !== undefined) {
  const versions = {
    ...{ node: process.version, tfjs: version_core, torch: torch?.version ?? null },
    ...{ threads: Number(values.threads), cores: availableParallelism() },
  };
  writeFileSync(values.json, JSON.stringify({ bench: "speed", versions, rows }, null, 1));
}

function median(all: readonly number[]): number {
  return quantile(all, 0.5);
}

/** Half the range between the quartiles. */
function spread(all: readonly number[]): number {
  return (quantile(all, 0.75) - quantile(all, 0.25)) / 2;
}

function quantile(all: readonly number[], share: number): number {
  return [...all].sort((a, b) => a - b)[Math.floor(share * (all.length - 1))] ?? NaN;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
