import * as tf from "@tensorflow/tfjs";
import { FulmineError, Module, sgd, Trainer, type Batch } from "@fulmine/core";
import { withCompiledSteps } from "@fulmine/runtime";
import { beforeAll, expect, test } from "vitest";

const CompilingTrainer = withCompiledSteps(Trainer);

class Line extends Module {
  readonly slope = tf.variable(tf.scalar(0));
  trainingStep({ xs, ys }: Batch): tf.Scalar {
    return tf.mean<tf.Scalar>(tf.square(tf.sub(tf.mul(xs, this.slope), ys)));
  }
  configureOptimizers() {
    return sgd({ lr: 0.1 });
  }
}

const quiet = { enableProgressBar: false, enableModelSummary: false, logger: false, maxEpochs: 2 } as const;
let data: Batch[];

beforeAll(async () => {
  await tf.setBackend("cpu");
  data = [{ xs: tf.tensor1d([1, 2]), ys: tf.tensor1d([2, 4]) }];
});

test("where only eager steps are possible a Trainer trains eagerly and says why", async () => {
  const trainer = new CompilingTrainer(quiet);
  expect(String(trainer.explainCompile())).toBe("nothing has run yet");
  await trainer.fit(new Line(), { train: data });
  expect(String(trainer.explainCompile())).toBe("only the native backend can run a whole step in one call");
  expect(trainer.explainCompile().steps).toEqual([]);
});

test("`compile: true` is an error there, before any step", async () => {
  const model = new Line();
  const failing = new CompilingTrainer({ ...quiet, compile: true }).fit(model, { train: data });
  await expect(failing).rejects.toThrow(FulmineError);
  await expect(failing).rejects.toThrow(
    'Steps can\'t be compiled: only the native backend can run a whole step in one call. Use `accelerator: "native"`, or `compile: "auto"`',
  );
  expect(model.slope.dataSync()[0]).toBe(0);
});

test("`compile: false` compiles nothing", async () => {
  const trainer = new CompilingTrainer({ ...quiet, compile: false });
  await trainer.fit(new Line(), { train: data });
  expect(trainer.explainCompile().reason).toBe("`compile` is false");
});

test("any other value is an error that says what is allowed", () => {
  // @ts-expect-error -- on purpose
  expect(() => new CompilingTrainer({ compile: "always" })).toThrow(
    '`compile` must be "auto", true or false. Received: "always".',
  );
});

test("`detectAnomaly` is the reason where it runs each operation, and an error with `compile: true`", async () => {
  const trainer = new CompilingTrainer({ ...quiet, detectAnomaly: true });
  await trainer.fit(new Line(), { train: data });
  expect(trainer.explainCompile().reason).toBe("`detectAnomaly` checks each operation as it runs");
  const strict = new CompilingTrainer({ ...quiet, detectAnomaly: true, compile: true });
  await expect(strict.fit(new Line(), { train: data })).rejects.toThrow(
    "Steps can't be compiled: `detectAnomaly` checks each operation as it runs. Remove one of the two options.",
  );
});
