import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { findOnPath } from "../../../../scripts/findOnPath.mjs";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../../..");

/** What a notebook shows of a cell. */
interface Shown {
  readonly kind: "data" | "text" | "error";
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
}

const imports = `
  const tf = await import("@tensorflow/tfjs");
  const { DataLoader, Module, sgd, Trainer, trainingFigure } = await import("fulmine");`;

const training = `
  class Line extends Module {
    net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
    trainingStep({ xs, ys }) { return tf.losses.meanSquaredError(ys, this.net.apply(xs)); }
    validationStep(batch) { return this.trainingStep(batch); }
    configureOptimizers() { return sgd({ lr: this.hparams.lr }); }
  }
  const field = { values: Float32Array.of(0, 1, 2, 3), shape: [4, 1] };
  const train = new DataLoader({ xs: field, ys: field }, { batchSize: 2 });
  const trainer = new Trainer({ maxEpochs: 2, accelerator: "cpu" });
  const result = await trainer.fit(new Line({ lr: 0.01 }), { train, val: train });
  const finder = await trainer.findLr(new Line({ lr: 0.01 }), { train }, { numTraining: 10 });`;

test("a notebook in Deno's kernel shows progress and figures by themselves", async ({ skip }) => {
  const deno = process.env["DENO_BIN"] ?? findOnPath("deno");
  if (deno === null) return skip("there is no Deno on this machine");
  const python = process.env["FULMINE_JUPYTER_PYTHON"] ?? "python3";
  const hasClient = await run(python, ["-c", "import jupyter_client"]).catch(() => null);
  if (hasClient === null) return skip("the Python package jupyter_client is not installed");
  const folder = mkdtempSync(join(tmpdir(), "fulmine-notebook-"));
  try {
    const script = join(import.meta.dirname, "../support/notebook.py");
    const cells = [imports, training, "trainingFigure(result)", "await finder.plot()"];
    const cwd = join(root, "examples/digits");
    const { stdout } = await run(python, [script, deno, cwd, JSON.stringify(cells)], {
      env: { ...process.env, DENO_DIR: folder },
    });
    const [loaded, trained = [], figure, sweep] = JSON.parse(stdout) as Shown[][];
    expect(loaded).toEqual([]);
    const texts = trained.map(({ text = "" }) => text).join("");
    expect(texts).toMatch(/^Epoch 1\/2 {2}loss \d\S+ {2}val_loss \d\S+$/m);
    expect(texts).toMatch(/^Epoch 2\/2 /m);
    for (const [cell, title] of [
      [figure, "Training"],
      [sweep, "Learning-rate sweep"],
    ] as const) {
      expect(cell).toHaveLength(1);
      const { "image/svg+xml": image = "", "text/plain": text = "" } = cell?.[0]?.data ?? {};
      expect(image).toMatch(/^<svg [^]*<\/svg>$/);
      expect(image).toContain(`>${title}</title>`);
      expect(text.split("\n")[0]).toBe(title);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
