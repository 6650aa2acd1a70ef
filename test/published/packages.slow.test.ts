import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages } from "../../scripts/packPackages.mjs";
import { fetchNode } from "../support/fetchNode.js";

const root = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-consumer-"));
const compilers = ["5.6", "5.9", "6.0"];
const nameOf = (version: string): string => `typescript-${version}`;

const readme = readFileSync(join(root, "README.md"), "utf8");
/** The README's programs: the first is JavaScript too, the second goes on from it in TypeScript. */
const [first = "", second = ""] = Array.from(
  readme.matchAll(/```ts.*\n([^]*?)```/g),
  ([, text = ""]) => text,
);
const program = `${first}
console.log(JSON.stringify({ lr: model.hparams.lr, backend: tf.getBackend() }));
`;

/** Reads images and a Parquet file without the optional packages for them. */
const withoutPeers = `
import { mkdirSync, writeFileSync } from "node:fs";
import { fromLayers, Trainer } from "fulmine";
import { ImageFolder, readParquet } from "@fulmine/core/node";
import * as tf from "@tensorflow/tfjs";

mkdirSync("images/a", { recursive: true });
writeFileSync("images/a/1.png", "");
const net = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 3] }), tf.layers.dense({ units: 1 })] });
const model = fromLayers(net, { optimizer: "sgd", loss: "meanSquaredError" });
const train = new ImageFolder("images", { size: 8 }).loader({ batchSize: 1 });
const trainer = new Trainer({ maxEpochs: 1, accelerator: "cpu", enableProgressBar: false });
const faults = [trainer.fit(model, { train }), readParquet(new Uint8Array(8))].map((run) =>
  run.then(() => "no error", ({ code, message }) => [code, message]),
);
console.log(JSON.stringify(await Promise.all(faults)));
`;

/** The programs of the page for users of tfjs-node. */
const page = readFileSync(join(root, "docs/instead-of-tfjs-node.md"), "utf8");
const migrated = Array.from(page.matchAll(/```js\n([^]*?)```/g), ([, text = ""]) => text);

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
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund"];
  const wanted = [...tarballs, "@tensorflow/tfjs@4.22.0", "@types/node@20", ...aliases];
  execFileSync("npm", [...args, ...wanted], { cwd: room, stdio: "pipe" });

  writeFileSync(join(room, "program.js"), program);
  writeFileSync(join(room, "program.ts"), `${first}${second}`);
  writeFileSync(join(room, "everything.ts"), everything);
  writeFileSync(join(room, "withoutPeers.js"), withoutPeers);
}, 300_000);
afterAll(() => rmSync(room, { recursive: true, force: true }), 60_000);

test("npm installs nothing with an install script, except what tfjs itself needs", () => {
  const { packages } = JSON.parse(readFileSync(join(room, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  };
  expect(Object.keys(packages)).toContain("node_modules/@tensorflow/tfjs");
  expect(Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true)).toEqual([
    "node_modules/core-js",
  ]);
});

test("images and Parquet files say which package to install", () => {
  const args = { cwd: room, encoding: "utf8", stdio: "pipe" } as const;
  const output = execFileSync(process.execPath, ["withoutPeers.js"], args);
  expect(JSON.parse(output.trim().split("\n").at(-1) ?? "")).toEqual([
    ["UNAVAILABLE", expect.stringMatching(/need the package `sharp`.* Run `npm install sharp`\.$/)],
    ["UNAVAILABLE", expect.stringMatching(/need the package `hyparquet`.* Run `npm install hyparquet`\.$/)],
  ]);
});

describe("an empty project that has installed the packages as they are published, before a set-up", () => {
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

describe("the same project after `npx fulmine setup`", () => {
  let obstacle = "";
  beforeAll(() => {
    const { status, stderr } = spawnSync("npx", ["--no-install", "fulmine", "setup", "--quiet"], {
      cwd: room,
      encoding: "utf8",
    });
    if (status !== 0) obstacle = `the native backend can't be set up here: ${stderr}`;
    writeFileSync(join(room, "line.csv"), "x,y\n".concat(...[0, 1, 2, 3].map((x) => `${x},${2 * x}\n`)));
    copyFileSync(join(root, "docs/images/tensorboard.png"), join(room, "picture.png"));
    migrated.forEach((text, index) => writeFileSync(join(room, `migrated${index}.mjs`), text));
    writeFileSync(
      join(room, "common.cjs"),
      'require("@fulmine/runtime/node").loadNative(); console.log(require("@tensorflow/tfjs").getBackend());',
    );
  }, 300_000);

  /** Runs a program; it fails if the program prints to standard error, where TensorFlow and tfjs would print. */
  function run(node: string, file: string): string {
    const { status, stdout, stderr } = spawnSync(node, [file], { cwd: room, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return stdout;
  }

  test.for([20, 22, 24])("runs the README's program on Node %i, on native TensorFlow", (major, { skip }) => {
    if (obstacle !== "") return skip(obstacle);
    const node = fetchNode(major, room);
    if (node === null) return skip(`no binary of Node ${major} can be had here`);
    const output = run(node, "program.js");
    expect(output).toMatch(/^Backend: native \(TensorFlow 2\.\d+/m);
    expect(output).not.toContain("install our node backend");
    expect(output).toContain('"backend":"tensorflow"');
  });

  test("runs the programs of the page for users of tfjs-node", ({ skip }) => {
    if (obstacle !== "") return skip(obstacle);
    const outputs = migrated.map((_, index) => run(process.execPath, `migrated${index}.mjs`));
    expect(outputs).toHaveLength(4);
    expect(outputs[0]).toBe("tensorflow\n");
    const [parameters, accuracy] = (outputs[1] ?? "").split(" ").map(Number);
    expect(parameters).toBe(65);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(outputs[2]).toBe("[ 32, 32, 3 ] [ 32, 32, 3 ]\n");
    expect(Number(outputs[3])).toBeLessThan(0.2);
    expect(run(process.execPath, "common.cjs")).toBe("tensorflow\n");
  });

  test.skipIf(spawnSync("unshare", ["-rn", "true"]).status !== 0)("needs no network", ({ skip }) => {
    if (obstacle !== "") return skip(obstacle);
    const args = ["-rn", process.execPath, "migrated0.mjs"];
    expect(execFileSync("unshare", args, { cwd: room, encoding: "utf8" })).toBe("tensorflow\n");
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
