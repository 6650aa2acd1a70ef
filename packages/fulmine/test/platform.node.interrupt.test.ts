import { expect, test } from "vitest";
import { runNode } from "./support/runCli.js";

/** Runs a program and sends it Ctrl-C when it has printed `at`. */
async function runUntil(program: string, at: string): Promise<{ output: string; code: number | null }> {
  const { stdout, stderr, status } = await runNode(["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    interruptAt: at,
  });
  return { output: stdout + stderr, code: status };
}

const program = (body: string): string => `
  import * as tf from "@tensorflow/tfjs";
  import { DataLoader, Module, sgd, Trainer } from "fulmine";
  class Line extends Module {
    w = tf.variable(tf.scalar(0));
    steps = 0;
    trainingStep({ xs, ys }) {
      if (++this.steps === 30) console.log("RUNNING");
      return tf.mean(tf.square(tf.sub(tf.mul(xs, this.w), ys)));
    }
    configureOptimizers() { return sgd({ lr: this.hparams.lr }); }
  }
  const train = new DataLoader({ xs: new Float32Array(64).fill(1), ys: new Float32Array(64).fill(2) }, { batchSize: 1 });
  const model = new Line({ lr: 1e-3 });
  const listeners = () => process.listenerCount("SIGINT");
  ${body}
`;

test("Ctrl-C ends a fit after the present batch, and the program goes on", async () => {
  const { output, code } = await runUntil(
    program(`
      const trainer = new Trainer({ accelerator: "cpu", maxEpochs: 100000, enableProgressBar: false });
      const { status, steps } = await trainer.fit(model, { train });
      console.log(status, steps >= 30, listeners());
    `),
    "RUNNING",
  );
  expect(output).toContain("Stopping after this step; press Ctrl-C again to quit at once.");
  expect(output).toContain("interrupted true 0");
  expect(code).toBe(0);
});

test("Ctrl-C ends a fit that waits for a batch that never comes", async () => {
  const { output, code } = await runUntil(
    program(`
      const open = setInterval(() => undefined, 1000);
      async function* stuck() {
        yield* train;
        console.log("WAITING");
        await new Promise(() => undefined);
      }
      const trainer = new Trainer({ accelerator: "cpu", enableProgressBar: false });
      const { status, steps } = await trainer.fit(model, { train: stuck() });
      console.log(status, steps, listeners());
      clearInterval(open);
    `),
    "WAITING",
  );
  expect(output).toContain("interrupted 64 0");
  expect(code).toBe(0);
});

test("Ctrl-C ends a search, and leaves the model as it was and no listener behind", async () => {
  const { output, code } = await runUntil(
    program(`
      const trainer = new Trainer({ accelerator: "cpu", enableProgressBar: false });
      const error = await trainer.findLr(model, { train }, { numTraining: 1000000, earlyStopThreshold: null, minLr: 1e-9, maxLr: 1e-8 }).catch((e) => e);
      console.log(error.code, model.w.dataSync()[0], model.steps, model.hparams.lr, listeners());
    `),
    "RUNNING",
  );
  expect(output).toContain("ABORTED 0 0 0.001 0");
  expect(code).toBe(0);
});
