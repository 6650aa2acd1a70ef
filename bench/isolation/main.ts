// Measures whether a search leaves the whole state unchanged, however it ends (see docs/finder.md), and what the finder costs.
import { useAccelerator, type Accelerator } from "@fulmine/runtime";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCost, type Cost } from "./measureCost.js";
import { recordResults } from "../results/recordResults.js";
import { costsText, matrixText, type Matrix } from "./matrixText.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    /** Writes the results into RESULTS.md. */
    record: { type: "boolean", default: false },
    only: { type: "string" },
    /** A Python with Lightning, fastai, torch-lr-finder or ignite. */
    python: { type: "string", default: "python3" },
    /** Measures the costs on this backend only and prints JSON; each backend runs in its own process. */
    backend: { type: "string" },
  },
});

if (values.backend === undefined) {
  const measured = ["native", "wasm"].flatMap((backend) => {
    const found = { matrix: measureMatrix(backend), costs: measureCosts(backend) };
    return found.matrix === null || found.costs === null
      ? []
      : [{ backend, matrix: found.matrix, costs: found.costs }];
  });
  const script = join(import.meta.dirname, "../../peers/isolation.py");
  const peers = runJson<Record<string, Matrix>>(values.python, [script]);
  const [row = {}] = [...measured.map(({ matrix }) => matrix), ...Object.values(peers ?? {})].flatMap(
    Object.values<object>,
  );
  const columns = Object.keys(row);
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
  console.log(JSON.stringify({ costs: await measureCost() }));
}

/** Runs the isolation tests' own program, from source. */
function measureMatrix(backend: string): Matrix | null {
  const program = join(import.meta.dirname, "../../../test/backend/isolation/matrixProgram.ts");
  const only = values.only === undefined ? [] : [values.only];
  return runJson<Matrix>(process.execPath, [
    "--import",
    import.meta.resolve("tsx"),
    program,
    backend,
    ...only,
  ]);
}

function measureCosts(backend: string): readonly Cost[] | null {
  const args = [process.argv[1] ?? "", "--backend", backend];
  return runJson<{ readonly costs: readonly Cost[] }>(process.execPath, args)?.costs ?? null;
}

/** Runs a program whose last line is JSON. Prints the reason and returns null when the program fails. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it prints
function runJson<T>(program: string, args: readonly string[]): T | null {
  // An empty working directory shows the files that a search leaves.
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
  measured: readonly { readonly backend: string; readonly matrix: Matrix; readonly costs: readonly Cost[] }[],
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
