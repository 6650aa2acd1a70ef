import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages } from "../../scripts/packPackages.mjs";
import { fetchNode } from "../support/fetchNode.js";

const root = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-consumer-"));
const compilers = ["5.6", "5.7", "5.8", "5.9", "6.0"];
const nameOf = (version: string): string => `typescript-${version}`;

/** The README's program, with digits of the project's own for the data that it takes for given. */
const program = `${/```ts\n([^]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? ""}
import { labels, pixels } from "./digits.js";
console.log(JSON.stringify({ lr: model.hparams.lr, backend: tf.getBackend() }));
`;

const digits = `
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
const file = gunzipSync(readFileSync(new URL("digits.csv.gz", import.meta.url))).toString();
const rows = file.trim().split("\\n").slice(0, 1266).map((line) => line.split(",").map(Number));
export const pixels: Float32Array = Float32Array.from(rows.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16)));
export const labels: Int32Array = Int32Array.from(rows, (row) => row[64] ?? 0);
`;

/** Every entry point of every package, so that all declarations are read. */
const everything = `
export * as fulmine from "fulmine";
export * as core from "@fulmine/core";
export * as coreNode from "@fulmine/core/node";
export * as figure from "@fulmine/figure";
export * as figurePlugin from "@fulmine/figure/plugin";
export * as finder from "@fulmine/lr-finder";
export * as runtime from "@fulmine/runtime";
export * as runtimeNode from "@fulmine/runtime/node";
`;

beforeAll(() => {
  const tarballs = Object.values(packPackages(room));
  const aliases = compilers.map((version) => `${nameOf(version)}@npm:typescript@~${version}.0`);
  writeFileSync(join(room, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // Without the optional packages there is no native runtime at all.
  const args = [
    "install",
    "--omit=optional",
    "--ignore-scripts",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
  ];
  const wanted = [...tarballs, "@tensorflow/tfjs@4.22.0", "@types/node@20", ...aliases];
  execFileSync("npm", [...args, ...wanted], { cwd: room, stdio: "pipe" });

  writeFileSync(join(room, "digits.ts"), digits);
  writeFileSync(join(room, "program.ts"), program);
  writeFileSync(join(room, "everything.ts"), everything);
  copyFileSync(join(root, "examples/digits/data/digits.csv.gz"), join(room, "digits.csv.gz"));
  for (const name of ["digits", "program"]) {
    const { outputText } = ts.transpileModule(readFileSync(join(room, `${name}.ts`), "utf8"), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(join(room, `${name}.js`), outputText);
  }
}, 300_000);
afterAll(() => rmSync(room, { recursive: true, force: true }), 60_000);

describe("an empty project that has installed the packages as they are published, without a native runtime", () => {
  test.for([20, 22, 24])("runs the README's program on Node %i, on wasm", (major, { skip }) => {
    const node = fetchNode(major, room);
    if (node === null) return skip(`no binary of Node ${major} can be had here`);
    const env = { ...process.env, FULMINE_CACHE: join(room, "cache"), PATH: dirname(node) };
    const output = execFileSync(node, ["program.js"], { cwd: room, encoding: "utf8", env, stdio: "pipe" });
    expect(output).toMatch(/^Backend: wasm .*no native/m);
    expect(output).toContain("suggested lr");
    const { lr, backend } = JSON.parse(output.trim().split("\n").at(-1) ?? "") as {
      lr: number;
      backend: string;
    };
    expect(backend).toBe("wasm");
    expect(lr).toBeGreaterThan(1e-3);
  });
});

describe.each(compilers)(
  "the packages' types under TypeScript %s, strict and with skipLibCheck off",
  (version) => {
    test("have no error, neither in the declarations nor in the README's program", () => {
      const flags = [
        "--strict",
        "--skipLibCheck",
        "false",
        "--noEmit",
        "--target",
        "es2022",
        "--module",
        "nodenext",
      ];
      const compiler = join(room, "node_modules", nameOf(version), "bin/tsc");
      const files = ["program.ts", "everything.ts"];
      const args = [compiler, ...flags, "--types", "node", "--pretty", "false", ...files];
      const { stdout } = spawnSync(process.execPath, args, { cwd: room, encoding: "utf8" });
      const errors = stdout.split("\n").filter((line) => /error TS\d+/.test(line));
      // TensorFlow.js's own declarations have errors, alone and beside the DOM's of WebGPU: that these are found shows that
      // declarations are checked.
      const isTheirs = (line: string): boolean =>
        /^node_modules\/(@tensorflow|@webgpu|typescript-[\d.]+)\//.test(line);
      expect(errors.some(isTheirs)).toBe(true);
      expect(errors.filter((line) => !isTheirs(line))).toEqual([]);
    });
  },
);
