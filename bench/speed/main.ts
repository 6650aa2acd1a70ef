// Compares steps: compiled, eager, by hand, tfjs's own fit, and bare PyTorch where Python has it; see bench/speed.md.
import { version_core } from "@tensorflow/tfjs";
import { prepareRuntime } from "fulmine";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Contest } from "./contenders.js";
import { recordResults } from "../results/recordResults.js";
import { median, resultRow, resultTable, type ResultRow } from "../results/resultTable.js";
import { measureMemory, MEMORY_TASK } from "./measureMemory.js";
import { BATCHES, tasks } from "./tasks.js";
import { searchPeers, startTorch } from "./torchPeer.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    /** Writes the results into RESULTS.md. */
    record: { type: "boolean", default: false },
    only: { type: "string", default: tasks.map(({ name }) => name).join(",") },
    measures: { type: "string", default: "step,products,fit,search,eager,overhead,memory" },
    rounds: { type: "string", default: "7" },
    threads: { type: "string", default: "1" },
    python: { type: "string", default: "python3" },
  },
});
process.env["TF_NUM_INTRAOP_THREADS"] = values.threads;
process.env["TF_NUM_INTEROP_THREADS"] = values.threads;

const rows: ResultRow[] = [];
const measures = new Set(values.measures.split(","));
await prepareRuntime("native");
const torch = await startTorch(values.python, Number(values.threads));
if (torch === null)
  console.log("No PyTorch in this Python (--python PATH names another): its columns are left out.");
for (const task of tasks.filter(({ name }) => values.only.split(",").includes(name))) {
  const contest = new Contest(task);
  // Whole runs of large nets take minutes and say what their steps say.
  const hasRuns = task.steps >= 40;
  // The Trainer's own part is little beside steps of several milliseconds, and takes thousands of them to measure.
  const isSmall = task.steps >= 100;
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
    if (measures.has("products")) {
      note("TensorFlow's call / compiled step", await contest.withinTensorflow());
      if (torch !== null) {
        const products = median(await torch.time(task.name, "products", task.steps));
        if (!Number.isNaN(products)) {
          const step = median(await torch.time(task.name, "step", task.steps));
          note("PyTorch's products alone, ms", products);
          note("PyTorch's products / its step", products / step);
        }
      }
    }
    if (hasRuns && measures.has("fit")) {
      const epochs = Math.ceil((task.steps * 2) / BATCHES);
      const layersFit = await contest.layersFit(epochs);
      if (layersFit !== null) note("fit / LayersModel.fit", (await contest.fit(epochs)) / layersFit);
    }
    if (hasRuns && measures.has("search")) {
      const search = await contest.search();
      note("search of 100 steps, ms", search);
      if (torch !== null) {
        const [loop = NaN] = await torch.time(task.name, "loop", 100);
        note("search / PyTorch loop", search / (100 * loop));
        for (const peer of searchPeers) {
          const [time] = await torch.time(task.name, peer, 100);
          if (time !== undefined) note(`${peer}'s search / PyTorch loop`, time / (100 * loop));
        }
      }
    }
    if (isSmall && measures.has("overhead")) {
      note("Trainer over its compiled loop, µs", await contest.overhead(false));
      note("with progress bar and CSV logger, µs", await contest.overhead(true));
    }
  }
  for (const [measure, all] of Object.entries(rounds)) rows.push(resultRow(task.name, measure, all));
  console.log(resultTable(rows.filter((row) => row.task === task.name)));
}
if (measures.has("memory")) {
  const memory = measureMemory(Math.min(3, Number(values.rounds)), torch === null ? null : values.python);
  rows.push(...memory);
  console.log(resultTable(memory));
}
torch?.close();
if (values.record) {
  const title = `Speed, ${values.threads} ${values.threads === "1" ? "thread" : "threads"}`;
  const releases = `tfjs ${version_core}${torch === null ? "" : `, PyTorch ${torch.version}`}`;
  const [steps, memory] = [
    rows.filter(({ task }) => task !== MEMORY_TASK),
    rows.filter(({ task }) => task === MEMORY_TASK),
  ];
  const tables = [steps, memory].filter(({ length }) => length > 0).map(resultTable);
  recordResults(title, [...tables, `${values.rounds} rounds, ${releases}.`].join("\n\n"));
}
if (values.json !== undefined) {
  const versions = {
    ...{ node: process.version, tfjs: version_core, torch: torch?.version ?? null },
    ...{ threads: Number(values.threads), cores: availableParallelism() },
  };
  writeFileSync(values.json, JSON.stringify({ bench: "speed", versions, rows }, null, 1));
}
