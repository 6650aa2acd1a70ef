import { build, type Plugin } from "esbuild";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

/** Lets every dynamic import() fail with the name of what would be loaded. */
const offline: Plugin = {
  name: "offline",
  setup(bundle) {
    bundle.onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, namespace: "offline" } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: "offline" }, ({ path }) => ({
      contents: `throw new Error("would load ${path}")`,
    }));
  },
};

/** Trains a line with the Trainer's options given, and gives what the program prints: the status, or the error. */
async function trainOffline(options: string): Promise<string> {
  const program = `
    import * as tf from "@tensorflow/tfjs";
    import { adam, DataLoader, Module, Trainer } from "@fulmine/core";
    class Line extends Module {
      net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
      trainingStep({ xs, ys }) { return tf.losses.meanSquaredError(ys, this.net.apply(xs)); }
      validationStep(batch) { this.log("val_loss", this.trainingStep(batch)); }
      configureOptimizers() { return adam({ lr: 0.1 }); }
    }
    const field = { values: new Float32Array(32), shape: [32, 1] };
    const train = new DataLoader({ xs: field, ys: field }, { batchSize: 8, shuffle: true });
    const val = new DataLoader({ xs: field, ys: field });
    await tf.setBackend("cpu");
    const trainer = new Trainer({ maxEpochs: 2, ...${options} });
    const result = await trainer.fit(new Line(), { train, val }).catch((error) => ({ status: error.message }));
    console.log(result.status);
  `;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: process.cwd() },
    bundle: true,
    format: "esm",
    conditions: ["@fulmine/source"],
    external: ["@tensorflow/*"],
    write: false,
    plugins: [offline],
  });
  const code = outputFiles[0]?.text ?? "";
  const running = promisify(execFile)("node", ["--input-type=module", "-"]);
  running.child.stdin?.end(code);
  const { stdout } = await running;
  return stdout.trim().split("\n").at(-1) ?? "";
}

describe("a page that has lost its connection", () => {
  test("can train and validate, for a plain fit loads nothing on demand", async () => {
    expect(await trainOffline("{}")).toBe("finished");
  });

  test("cannot do what is loaded on demand, and learns so before the first step", async () => {
    expect(await trainOffline("{ maxTime: { hours: 1 } }")).toBe("would load ./timer.js");
    expect(await trainOffline("{ gradientClipVal: 1 }")).toBe("would load ../step/clipping.js");
    const saving = '{ callbacks: [{ role: "checkpoint" }] }';
    expect(await trainOffline(saving)).toBe("would load ../checkpoint/checkpointFile.js");
  });
});
