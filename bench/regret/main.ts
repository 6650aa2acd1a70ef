// Measures the gap of the finder's picks: see bench/regret.md.
import { useAccelerator } from "@fulmine/runtime";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordResults } from "../results/recordResults.js";
import { regretReport } from "./regretReport.js";
import { measuredRules, regretOf, type RegretRow } from "./regretOf.js";
import { listTasks, readTask, taskCost, type RegretTask } from "./regretTask.js";
import { defaultCacheFolder, RunCache } from "./runCache.js";

const { values } = parseArgs({
  options: {
    tasks: { type: "string" },
    json: { type: "string" },
    /** Writes the results into RESULTS.md. */
    record: { type: "boolean", default: false },
    only: { type: "string" },
    rules: { type: "string" },
    cache: { type: "string", default: defaultCacheFolder() },
    /** Starts no further task after this many minutes. */
    minutes: { type: "string", default: "Infinity" },
    accelerator: { type: "string", default: "native" },
  },
});
if (values.tasks === undefined) {
  console.error(
    "npm run bench:regret -- --tasks DIR [--json FILE] [--only a,b] [--rules a,b] [--cache DIR] [--minutes N]",
  );
  process.exit(2);
}
const folder = values.tasks;
const { line } = await useAccelerator(values.accelerator as "native");
console.log(line);

const only = values.only?.split(",");
const rules = values.rules?.split(",") ?? Object.keys(measuredRules);
const tasks = listTasks(folder)
  .filter((name) => only?.includes(name) ?? true)
  .map((name) => readTask(join(folder, name)))
  // Cheap tasks come first, so that results come early.
  .sort((a, b) => taskCost(a.spec) - taskCost(b.spec));

const started = performance.now();
const rows: RegretRow[] = [];
const done: RegretTask[] = [];
for (const task of tasks) {
  if ((performance.now() - started) / 60_000 > Number(values.minutes)) break;
  rows.push(...(await regretOf(task, new RunCache(values.cache, task.spec.name, task.spec), rules)));
  done.push(task);
  const mine = rows.filter((row) => row.task === task.spec.name);
  const gaps = rules.map((rule) => {
    const own = mine.filter((row) => row.rule === rule).map((row) => row.gap.toFixed(3));
    return `${rule} ${own.join(" ")}`;
  });
  console.log(`${task.spec.name}: ${gaps.join("; ")}`);
  save();
}
if (done.length < tasks.length) console.log(`Stopped after ${done.length} of ${tasks.length} tasks.`);
const report = regretReport(rows, done);
console.log(`\n${report}`);
if (values.record) recordResults("Regret", report);

function save(): void {
  if (values.json === undefined) return;
  const output = rows.map(({ task, rule, seed, lr, gap, steps }) => ({
    task,
    measure: "gap",
    value: gap,
    spread: 0,
    rule,
    seed,
    lr,
    gap,
    steps,
  }));
  const versions = { node: process.version, peers: done[0]?.peers.versions ?? {} };
  writeFileSync(values.json, JSON.stringify({ bench: "regret", versions, rows: output }, null, 1));
}
