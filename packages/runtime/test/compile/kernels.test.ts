import * as tf from "@tensorflow/tfjs";
import { DataLoader, Module, seeded, sgd, type Batch, type OptimizerConfig } from "@fulmine/core";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { train, trainBothWays } from "./support/bothWays.js";
import { differentiableOps, ranges, standIns, type Op } from "./support/differentiableOps.js";
import { otherOps, type SideOp } from "./support/otherOps.js";
import { typedOps } from "./support/typedOps.js";

const STEPS = 8;
const SIZE = 24;

/** The operations that stay eager, with the reason. All others must compile. */
const staysEager: Readonly<Record<string, RegExp>> = {
  Multinomial: /uses Multinomial, whose outcome depends on more than its inputs/,
  NonMaxSuppressionV3: /uses NonMaxSuppressionV3, which gives a shape that depends on values/,
  NonMaxSuppressionV4: /uses NonMaxSuppressionV4, which gives a shape that depends on values/,
  NonMaxSuppressionV5: /uses NonMaxSuppressionV5, which gives a shape that depends on values/,
  StaticRegexReplace: /in a way that can't be written into a graph/,
  "an operation that is not tfjs's": /uses Lgamma in a way that can't be written into a graph/,
  Unique: /uses Unique, which gives a shape that depends on values/,
};

/** Makes an operation of a computation without gradient; it contributes to the loss. */
const beside =
  (side: SideOp): Op =>
  (x, _, batch) =>
    tf.add(x, tf.sum(tf.square(tf.cast(side(batch), "float32"))));

const ops: Readonly<Record<string, Op>> = {
  ...differentiableOps,
  ...Object.fromEntries(
    Object.entries({ ...otherOps, ...typedOps }).map(([name, side]) => [name, beside(side)]),
  ),
};

/** Makes the loss of one operation on weights and a batch. */
class OneOp extends Module<{ lr: number }> {
  readonly x: tf.Variable<tf.Rank.R1>;
  readonly w = tf.variable(tf.randomUniform<tf.Rank.R1>([SIZE], 0.3, 0.9));

  constructor(
    readonly op: Op,
    [least, most]: readonly [number, number],
  ) {
    super({ lr: 0.01 });
    this.x = tf.variable(tf.randomUniform<tf.Rank.R1>([SIZE], least, most));
  }

  trainingStep({ xs, ys }: Batch): tf.Scalar {
    const batch = tf.reshape<tf.Rank.R1>(xs, [SIZE]);
    const x = tf.add<tf.Tensor1D>(this.x, batch);
    const w = tf.add<tf.Tensor1D>(this.w, tf.reshape(ys, [SIZE]));
    const result = tf.cast(this.op(x, w, batch), "float32");
    return tf.add(tf.mean<tf.Scalar>(tf.square(result)), tf.mean<tf.Scalar>(tf.square(x)));
  }

  configureOptimizers(): OptimizerConfig {
    return sgd({ lr: this.hparams.lr });
  }
}

function make(name: string): { module: OneOp; data: DataLoader } {
  const op = ops[name];
  if (op === undefined) throw new Error(`no operation ${name}`);
  const field = () => ({
    values: Float32Array.from({ length: STEPS * SIZE }, () => 0.05 + 0.2 * Math.random()),
    shape: [STEPS, SIZE],
  });
  return {
    module: seeded(3, () => new OneOp(op, ranges[name] ?? [-0.7, 0.7])),
    data: seeded(5, () => new DataLoader({ xs: field(), ys: field() }, { batchSize: 1 })),
  };
}

describe("a step compiles and gives the same bits as eager steps", () => {
  test.each(Object.keys(ops).filter((name) => !(name in staysEager)))("with %s", async (name) => {
    const { isCompiled } = await trainBothWays(() => make(name), { maxSteps: STEPS, compile: true });
    expect(isCompiled).toBe(true);
  });
});

describe("a step stays eager and gives the reason", () => {
  test.each(Object.entries(staysEager))("with %s", async (name, why) => {
    const { isCompiled, reason } = await trainBothWays(() => make(name), {
      maxSteps: STEPS,
      compile: "auto",
    });
    expect(isCompiled).toBe(false);
    expect(reason).toMatch(why);
    const { module, data } = make(name);
    await expect(train(module, data, { maxSteps: STEPS, compile: true })).rejects.toThrow(why);
  });
});

/** Lists the kernels that a step with an operation runs, including those of its gradient. */
async function kernelsOf(name: string): Promise<readonly string[]> {
  const { module } = make(name);
  const part = tf.fill([1, SIZE], 0.1);
  const { kernelNames } = await tf.profile(
    () => tf.variableGrads(() => module.trainingStep({ xs: part, ys: part })).grads,
  );
  tf.disposeVariables();
  return kernelNames;
}

describe("the operations", () => {
  test("are all that have a gradient in tfjs, and each runs its kernel", async () => {
    const core = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/package.json"));
    const gradients = readdirSync(join(core, "dist", "gradients")).flatMap(
      (file) => /^(.+)_grad\.js$/.exec(file)?.[1] ?? [],
    );
    expect(Object.keys(differentiableOps).sort()).toEqual(gradients.sort());
    for (const name of gradients) expect(await kernelsOf(name)).toContain(standIns[name] ?? name);
  });

  test("run all kernels of the native backend", async () => {
    const run = new Set<string>();
    for (const name of Object.keys(ops)) for (const kernel of await kernelsOf(name)) run.add(kernel);
    const kernels = tf.getKernelsForBackend("tensorflow").map(({ kernelName }) => kernelName);
    expect(kernels.filter((kernel) => !run.has(kernel))).toEqual([]);
  });

  test("with a gradient compile, except for at most one in twenty", () => {
    const names = Object.keys(differentiableOps);
    expect(names.filter((name) => name in staysEager).length).toBeLessThanOrEqual(names.length / 20);
    expect(Object.keys(staysEager).every((name) => name in ops)).toBe(true);
  });
});
