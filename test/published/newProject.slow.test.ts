import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages } from "../../scripts/packPackages.mjs";

const root = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-scaffold-"));
const project = join(room, "spirals");

/** Runs npm in the new project, with none of what npm told the tests' own process. */
function npm(...args: readonly string[]): { output: string; status: number | null } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const { stdout, stderr, status } = spawnSync("npm", args, { cwd: project, encoding: "utf8", env });
  return { output: stdout + stderr, status };
}

/** Runs a program of the project in a process of its own, and returns the last line, read as JSON. */
function run(program: string): Record<string, unknown> {
  writeFileSync(join(project, "program.mjs"), program);
  const { stdout, stderr, status } = spawnSync(process.execPath, ["program.mjs"], {
    cwd: project,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

beforeAll(() => {
  const tarballs = Object.values(packPackages(room));
  execFileSync(process.execPath, [join(root, "packages/fulmine/bin/fulmine.js"), "new", project]);
  expect(tarballs).toHaveLength(6);
  const { output, status } = npm("install", "--prefer-offline", ...tarballs);
  expect(status, output).toBe(0);
}, 300_000);
afterAll(() => rmSync(room, { recursive: true, force: true }), 60_000);

describe("a project that fulmine new made, on the packages as they are published", () => {
  test("passes its own tests", () => {
    const { output, status } = npm("test");
    expect(output).toContain("# pass 2");
    expect(status).toBe(0);
  });

  test("starts: finds its rate, draws it and trains", () => {
    const { output, status } = npm("start");
    expect(status, output).toBe(0);
    expect(output).toMatch(/^Learning rate set to 0\.\d+ \(hparams\.lr/m);
    expect(Number(/held-out points: ([\d.]+)/.exec(output)?.[1])).toBeGreaterThan(0.9);
  });

  test("has the fulmine command at hand", () => {
    const { output, status } = npm("run", "find-lr");
    expect(status, output).toBe(0);
    expect(output).toContain("Saved as lr.html");
    expect(existsSync(join(project, "lr.html"))).toBe(true);
  });

  test("goes from the found rate to a model in use", () => {
    const trained = run(`
      import { EarlyStopping, ModelCheckpoint, prepareRuntime, Trainer, trainingFigure } from "fulmine";
      import { CsvLogger } from "@fulmine/core/node";
      import { data, model } from "./dist/src/train.js";

      await prepareRuntime();
      const spirals = model();
      const stopping = new EarlyStopping({ monitor: "val_loss", patience: 2, restoreBest: true });
      const trainer = new Trainer({
        maxEpochs: 8,
        seed: 1,
        autoLrFind: { field: "lr", numTraining: 60 },
        callbacks: [stopping, new ModelCheckpoint({ dirpath: "best", monitor: "val_loss" })],
        logger: new CsvLogger({ dir: "runs" }),
      });
      const result = await trainer.fit(spirals, data());
      await trainingFigure(result).save("training.svg");
      const restored = await trainer.validate(spirals, data().val);
      const best = await trainer.validate(model(), data().val, { checkpoint: "best" });
      console.log(JSON.stringify({
        lr: spirals.hparams.lr,
        epochs: result.history.length,
        ...{ path: result.bestCheckpoint.path, score: result.bestCheckpoint.score },
        ...{ restored: restored.val_loss, best: best.val_loss },
      }));
    `);
    expect(trained["lr"]).not.toBe(1e-3);
    expect(trained["restored"]).toBe(trained["best"]);
    expect(trained["best"]).toBeCloseTo(Number(trained["score"]), 5);
    const figure = readFileSync(join(project, "training.svg"), "utf8");
    expect(figure).toContain("val_loss");

    const used = run(`
      import * as tf from "@tensorflow/tfjs";
      import { loadCheckpoint, prepareRuntime } from "fulmine";
      import { loader } from "./dist/src/data.js";
      import { model } from "./dist/src/train.js";

      await prepareRuntime();
      const spirals = model();
      await loadCheckpoint(spirals, ${JSON.stringify(trained["path"])});
      let right = 0, count = 0;
      for await (const { xs, ys } of loader(200, 2)) {
        right += tf.sum(tf.cast(tf.equal(tf.argMax(spirals.net.predict(xs), 1), ys), "int32")).dataSync()[0];
        count += ys.size;
      }
      console.log(JSON.stringify({ lr: spirals.hparams.lr, right, count }));
    `);
    expect(used).toMatchObject({ lr: trained["lr"], count: 200 });
    expect(Number(used["right"])).toBeGreaterThan(120);
  });
});
