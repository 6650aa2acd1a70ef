import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RandomState } from "@fulmine/core";
import { afterAll, describe, expect, test } from "vitest";
import { findOnPath } from "../../../scripts/findOnPath.mjs";
import { inTerminal, SIGNALS, type TerminalEnd } from "./support/inTerminal.js";
import { bin, support } from "./support/runCli.js";

/** The moments that each case is tried at, all of them by chance. */
const MOMENTS = 2;
/** The longest time, in seconds, between a program's start of work and the signal. */
const LONGEST_DELAY = 0.4;

const root = mkdtempSync(join(tmpdir(), "fulmine-signals-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const random = RandomState.fromEntropy();
const HIDE = "\u001B[?25l";
const SHOW = "\u001B[?25h";
const NO_WRAP = "\u001B[?7l";
const WRAP = "\u001B[?7h";

const MODULE = `
  import * as tf from "@tensorflow/tfjs";
  import { readdirSync, writeFileSync } from "node:fs";
  import { DataLoader, ModelCheckpoint, Module, sgd, Trainer } from "fulmine";
  const [folder] = process.argv.slice(-1);
  class Line extends Module {
    w = tf.variable(tf.ones([64, 64]));
    trainingStep({ xs, ys }) {
      return tf.mean(tf.square(tf.sub(tf.mul(xs, tf.mean(this.w)), ys)));
    }
    configureOptimizers() { return sgd({ lr: this.hparams.lr }); }
  }
  const fields = { xs: new Float32Array(512).fill(1), ys: new Float32Array(512).fill(2) };
  const train = new DataLoader(fields, { batchSize: 1 });
  const model = new Line({ lr: 1e-9 });
  const listeners = () => ["SIGINT", "SIGTERM", "SIGHUP", "exit"].map((name) => process.listenerCount(name)).join("");
  const before = listeners();
  const saving = { onTrainBatchEnd: (trainer) => trainer.saveCheckpoint(folder + "/last.ckpt") };
  const options = { accelerator: "cpu", maxEpochs: 100000, callbacks: [saving] };
  const search = { numTraining: 1000000, earlyStopThreshold: null, minLr: 1e-9, maxLr: 1e-8 };
`;

/** Runs a program in a terminal with folders of its own, and gives what it left there. */
async function end(
  body: string | readonly string[],
  { signals, at, delay = random.float() * LONGEST_DELAY }: Partial<Parameters<typeof inTerminal>[0]>,
): Promise<TerminalEnd & { readonly left: readonly string[]; readonly folder: string }> {
  const room = mkdtempSync(join(root, "run-"));
  const [folder, temporary] = [join(room, "files"), join(room, "tmp")];
  for (const each of [folder, temporary]) mkdirSync(each);
  const words =
    typeof body === "string"
      ? ["--input-type=module", "--eval", `${MODULE}${body}`, "--", folder]
      : [bin, ...body];
  const run = await inTerminal({
    args: [process.execPath, ...words],
    cwd: import.meta.dirname,
    env: { TMPDIR: temporary },
    ...{ signals: signals ?? [], at: at ?? "Epoch", delay },
  });
  return { ...run, folder, left: [...readdirSync(folder), ...readdirSync(temporary)].sort() };
}

/** Sees that a terminal is left as a shell needs it. */
function expectUsableTerminal(output: string): void {
  expect(output).toContain(HIDE);
  expect(output.lastIndexOf(SHOW)).toBeGreaterThan(output.lastIndexOf(HIDE));
  expect(output.lastIndexOf(WRAP)).toBeGreaterThan(output.lastIndexOf(NO_WRAP));
}

/** Python has the terminal that a program is run in. */
const hasTerminal = process.platform !== "win32" && findOnPath("python3") !== null;
const moments = Array.from({ length: MOMENTS }, (_, index) => index);

describe.skipIf(!hasTerminal).each(SIGNALS)("$name", ({ name, number }) => {
  /** Of Ctrl-C the program decides itself what it means for its exit status. */
  const status = name === "SIGINT" ? 0 : 128 + number;

  test.each(moments)("ends a fit after its step, and the program goes on (%i)", async () => {
    const { output, left, ...run } = await end(
      `const result = await new Trainer(options).fit(model, { train });
       console.log(result.status, "listeners:", before, listeners());`,
      { signals: [name] },
    );
    expect(output).toMatch(/interrupted listeners: (\d+) \1\s/);
    expectUsableTerminal(output);
    expect({ status: run.status, left }).toEqual({ status, left: ["last.ckpt"] });
  });

  test.each(moments)("ends a search within a fit, and puts back what it changed (%i)", async () => {
    const { output, left, ...run } = await end(
      `const searching = { onTrainStart: (trainer) => trainer.findLr(model, { train }, search) };
       const fit = new Trainer({ ...options, callbacks: [searching, saving] }).fit(model, { train });
       const error = await fit.catch((e) => e);
       console.log(error.code, model.hparams.lr, model.w.dataSync().every((x) => x === 1), "listeners:", before, listeners());`,
      { signals: [name], at: "Finding" },
    );
    expect(output).toMatch(/ABORTED 1e-9 true listeners: (\d+) \1\s/);
    expectUsableTerminal(output);
    expect({ status: run.status, left }).toEqual({ status, left: [] });
  });

  test.each(moments)("the second one ends a fit at once, whatever it waits for (%i)", async () => {
    const { output, left, ...run } = await end(
      `const slow = { onTrainBatchEnd: async (trainer) => {
         for (;;) await saving.onTrainBatchEnd(trainer);
       } };
       await new Trainer({ ...options, callbacks: [slow] }).fit(model, { train });
       console.log("not reached");`,
      { signals: [name, name], delay: 0.2 + random.float() * LONGEST_DELAY },
    );
    expect(output).toContain("to quit at once");
    expect(output).not.toContain("not reached");
    expectUsableTerminal(output);
    expect({ status: run.status, left }).toEqual({ status: -number, left: ["last.ckpt"] });
  });

  test.each(moments)("ends find-lr with the exit status that shells give it (%i)", async () => {
    const args = [
      "find-lr",
      support("training.mjs"),
      "--accelerator",
      "cpu",
      "--steps",
      "1000000",
      "--max-lr",
      "1e-5",
    ];
    const { output, left, ...run } = await end(args, { signals: [name], at: "Finding" });
    expectUsableTerminal(output);
    expect({ status: run.status, left }).toEqual({ status: 128 + number, left: [] });
  });
});

test.skipIf(!hasTerminal)("a terminal that is closed lets a fit end in order", async () => {
  const { folder, left } = await end(
    `const { status } = await new Trainer(options).fit(model, { train });
     writeFileSync(folder + "/status", status);`,
    { signals: ["HANGUP"] },
  );
  expect(readFileSync(join(folder, "status"), "utf8")).toBe("interrupted");
  // Node itself aborts at the very end of a program whose terminal is gone, whatever its exit status.
  expect(left).toEqual(["last.ckpt", "status"]);
});

describe.skipIf(!hasTerminal)("a program that listens for a signal itself", () => {
  test("is not stopped by it", async () => {
    const { output, ...run } = await end(
      `process.on("SIGHUP", () => console.log("READ AGAIN"));
       const trainer = new Trainer({ ...options, maxEpochs: 2, callbacks: [] });
       const result = await trainer.fit(model, { train });
       console.log(result.status);`,
      { signals: ["SIGHUP"], delay: 0 },
    );
    expect(output).toContain("READ AGAIN");
    expect(output).toContain("finished");
    expect(run.status).toBe(0);
  });

  test("ends as it likes, and the cursor is there again", async () => {
    const { output, ...run } = await end(
      `process.on("SIGTERM", () => process.exit(7));
       await new Trainer(options).fit(model, { train });`,
      { signals: ["SIGTERM"] },
    );
    expectUsableTerminal(output);
    expect({ status: run.status, left: run.left }).toEqual({ status: 7, left: ["last.ckpt"] });
  });

  test("keeps its exit status when it begins to listen during a fit", async () => {
    const { output, ...run } = await end(
      `const late = { onTrainStart: () => void process.on("SIGTERM", () => console.log("HEARD")) };
       const { status } = await new Trainer({ ...options, callbacks: [late, saving] }).fit(model, { train });
       console.log(status);
       process.exit();`,
      { signals: ["SIGTERM"], delay: 0.3 },
    );
    expect(output).toContain("HEARD");
    expect(output).toContain("interrupted");
    expect(run.status).toBe(0);
  });
});
