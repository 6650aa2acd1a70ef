// Measures that a search leaves everything as it was, however it ends: see docs/finder.md.
import { useAccelerator, type Accelerator } from "@fulmine/runtime";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCost, type Cost } from "./measureCost.js";
import { columns, measureScenario, type Outcome } from "./measureScenario.js";
import { recordResults } from "../results/recordResults.js";
import { costsText, matrixText, type Matrix } from "./matrixText.js";
import { scenarios } from "./scenarios.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    /** Writes the results into RESULTS.md. */
    record: { type: "boolean", default: false },
    only: { type: "string" },
    /** A Python that has Lightning, fastai, torch-lr-finder or ignite. */
    python: { type: "string", default: "python3" },
    /** Measures on this backend alone, and prints JSON; used for each backend in a process of its own. */
    backend: { type: "string" },
  },
});

interface Measured {
  readonly matrix: Matrix;
  readonly costs: readonly Cost[];
}

if (values.backend === undefined) {
  const measured = ["native", "wasm"].flatMap((backend) => {
    const found = runJson<Measured>(process.execPath, [
      process.argv[1] ?? "",
      ...process.argv.slice(2),
      "--backend",
      backend,
    ]);
    return found === null ? [] : [{ backend, ...found }];
  });
  const script = join(import.meta.dirname, "../../peers/isolation.py");
  const peers = runJson<Record<string, Matrix>>(values.python, [script]);
  const report = [
    ...measured.map(({ backend, matrix }) => matrixText(`Fulmine on ${backend}`, matrix, columns)),
    ...Object.entries(peers ?? {}).map(([peer, matrix]) => matrixText(peer, matrix, columns)),
    columns.map((column, i) => `${String(i + 1).padStart(2)} ${column}`).join("\n"),
    "✓ as it was, ✗ not, · not to be had",
    ...measured.map(({ backend, costs }) => costsText(backend, costs)),
  ].join("\n\n");
  console.log(report);
  if (values.record) recordResults("Isolation", `\`\`\`text\n${report}\n\`\`\``);
  if (values.json !== undefined) save(values.json, measured, peers ?? {});
  const isWhole = measured.every(({ matrix }) =>
    Object.values(matrix).every((row) => Object.values(row).every(Boolean)),
  );
  process.exitCode = isWhole && measured.length > 0 ? 0 : 1;
} else {
  await useAccelerator(values.backend as Accelerator);
  const matrix: Record<string, Outcome> = {};
  for (const scenario of scenarios.filter(({ name }) => values.only === undefined || name === values.only))
    matrix[scenario.name] = await measureScenario(scenario);
  const costs = await measureCost();
  console.log(JSON.stringify({ matrix, costs } satisfies Measured));
}

/** Runs a program whose last line is JSON; null, with its reason printed, when it fails. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it prints
function runJson<T>(program: string, args: readonly string[]): T | null {
  // Whatever it writes where it stands is to be seen by itself.
  const cwd = mkdtempSync(join(tmpdir(), "fulmine-isolation-"));
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", cwd });
  rmSync(cwd, { recursive: true });
  const last = error === undefined ? (stdout.trim().split("\n").at(-1) ?? "") : "";
  if (status === 0 && last.startsWith("{")) return JSON.parse(last) as T;
  const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  console.log(`${program} ${args.at(-1) ?? ""} gave nothing: ${reason || last}`);
  return null;
}

function save(
  path: string,
  measured: readonly ({ readonly backend: string } & Measured)[],
  peers: Readonly<Record<string, Matrix>>,
): void {
  const all = [
    ...measured.map(({ backend, matrix }) => [`fulmine/${backend}`, matrix] as const),
    ...Object.entries(peers),
  ];
  const cells = all.flatMap(([who, matrix]) =>
    Object.entries(matrix).flatMap(([task, row]) =>
      Object.entries(row).map(([measure, isKept]) => ({
        who,
        task,
        measure,
        value: isKept === null ? null : Number(isKept),
        spread: 0,
      })),
    ),
  );
  const costs = measured.flatMap(({ backend, costs: rows }) =>
    rows.map((row) => ({ who: `fulmine/${backend}`, ...row })),
  );
  const versions = { node: process.version };
  writeFileSync(path, JSON.stringify({ bench: "isolation", versions, rows: [...cells, ...costs] }, null, 1));
}
