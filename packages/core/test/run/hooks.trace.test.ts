import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  sgd,
  Trainer,
  type Batch,
  type Callback,
  type Checkpoint,
  type DataSource,
  type HookName,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { recordHooks } from "../support/recordHooks.js";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 1 } as const;

/** Writes its steps to the same list as the callback its hooks. */
class Traced extends TinyModule {
  trace: string[] = [];
  isBroken = false;
  override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
    this.trace.push("trainingStep");
    const loss = super.trainingStep(batch, batchIdx);
    if (this.isBroken) throw new Error("broken at trainingStep");
    return loss;
  }
  override validationStep(batch: Batch): tf.Tensor {
    this.trace.push("validationStep");
    const loss = super.validationStep(batch);
    if (this.isBroken) throw new Error("broken at validationStep");
    return loss;
  }
  override testStep(batch: Batch): tf.Tensor {
    this.trace.push("testStep");
    return this.loss(batch, false);
  }
  override predictStep(batch: Batch): tf.Tensor {
    this.trace.push("predictStep");
    return this.net.apply(batch.xs) as tf.Tensor;
  }
}

class TwoOptimizers extends Traced {
  override configureOptimizers(): OptimizerConfig {
    const [dense, , , out] = this.net.layers;
    const variables = (layer?: tf.layers.Layer): tf.Variable[] =>
      layer?.trainableWeights.map((weight) => weight.read() as tf.Variable) ?? [];
    return [
      sgd({ lr: 0.1, groups: [{ params: variables(dense) }] }),
      adam({ lr: 0.1, groups: [{ params: variables(out) }] }),
    ];
  }
}

const batches = (count: number): DataSource<Batch> => makeLoader({ size: 16 * count });

/** The hooks of a fit, in their order. */
async function traceOfFit(
  options: TrainerOptions,
  train = 1,
  val = 0,
  model = makeTiny(Traced),
): Promise<string[]> {
  const trainer = new Trainer({ ...quiet, ...options, callbacks: [recordHooks(model.trace)] });
  await trainer.fit(model, { train: batches(train), ...(val === 0 ? {} : { val: batches(val) }) });
  return model.trace;
}

const validation = (count: number): string[] => [
  ...["onValidationStart", "onValidationEpochStart"],
  ...Array.from({ length: count }, () => [
    ...["onValidationBatchStart", "validationStep", "onValidationBatchEnd"],
  ]).flat(),
  ...["onValidationEpochEnd", "onValidationEnd"],
];
const forward = [
  "onTrainBatchStart",
  "onBeforeZeroGrad",
  "onBeforeBackward",
  "trainingStep",
  "onAfterBackward",
];
const trainBatch = [...forward, "onBeforeOptimizerStep", "onTrainBatchEnd"];

describe("the order of hooks", () => {
  test("in a fit with validation", async () => {
    expect(await traceOfFit({ maxEpochs: 2 }, 2, 3)).toEqual([
      "setup",
      "onFitStart",
      ...["onSanityCheckStart", ...validation(2), "onSanityCheckEnd"],
      "onTrainStart",
      ...["onTrainEpochStart", ...trainBatch, ...trainBatch, ...validation(3), "onTrainEpochEnd"],
      ...["onTrainEpochStart", ...trainBatch, ...trainBatch, ...validation(3), "onTrainEpochEnd"],
      "onTrainEnd",
      "onFitEnd",
      "teardown",
    ]);
  });

  test("in a fit that validates within the epoch", async () => {
    expect(await traceOfFit({ valCheckInterval: 1, numSanityValSteps: 0 }, 2, 1)).toEqual([
      ...["setup", "onFitStart", "onTrainStart", "onTrainEpochStart"],
      ...[...trainBatch, ...validation(1), ...trainBatch, ...validation(1)],
      ...["onTrainEpochEnd", "onTrainEnd", "onFitEnd", "teardown"],
    ]);
  });

  test("in a fit that gathers the gradients of two batches", async () => {
    expect(await traceOfFit({ accumulateGradBatches: 2 }, 3)).toEqual([
      ...["setup", "onFitStart", "onTrainStart", "onTrainEpochStart"],
      ...["onTrainBatchStart", "onBeforeZeroGrad", "onBeforeBackward", "trainingStep", "onAfterBackward"],
      "onTrainBatchEnd",
      ...["onTrainBatchStart", "onBeforeBackward", "trainingStep", "onAfterBackward"],
      ...["onBeforeOptimizerStep", "onTrainBatchEnd"],
      ...["onTrainBatchStart", "onBeforeZeroGrad", "onBeforeBackward", "trainingStep", "onAfterBackward"],
      ...["onBeforeOptimizerStep", "onTrainBatchEnd"],
      ...["onTrainEpochEnd", "onTrainEnd", "onFitEnd", "teardown"],
    ]);
  });

  test("in a fit with two optimizers", async () => {
    expect(await traceOfFit({}, 1, 0, makeTiny(TwoOptimizers))).toEqual([
      ...["setup", "onFitStart", "onTrainStart", "onTrainEpochStart"],
      ...["onTrainBatchStart", "onBeforeZeroGrad", "onBeforeZeroGrad", "onBeforeBackward", "trainingStep"],
      ...["onAfterBackward", "onBeforeOptimizerStep", "onBeforeOptimizerStep", "onTrainBatchEnd"],
      ...["onTrainEpochEnd", "onTrainEnd", "onFitEnd", "teardown"],
    ]);
  });

  test("in validate, test and predict", async () => {
    const model = makeTiny(Traced);
    const trainer = new Trainer({ ...quiet, callbacks: [recordHooks(model.trace)] });
    const traceOf = async (run: () => Promise<unknown>): Promise<string[]> => {
      await run();
      return model.trace.splice(0);
    };
    expect(await traceOf(() => trainer.validate(model, batches(1)))).toEqual([
      ...["setup", ...validation(1), "teardown"],
    ]);
    expect(await traceOf(() => trainer.test(model, batches(1)))).toEqual([
      ...["setup", "onTestStart", "onTestEpochStart", "onTestBatchStart", "testStep", "onTestBatchEnd"],
      ...["onTestEpochEnd", "onTestEnd", "teardown"],
    ]);
    expect(await traceOf(async () => tf.dispose(await trainer.predict(model, batches(1))))).toEqual([
      ...["setup", "onPredictStart", "onPredictEpochStart"],
      ...["onPredictBatchStart", "predictStep", "onPredictBatchEnd"],
      ...["onPredictEpochEnd", "onPredictEnd", "teardown"],
    ]);
  });

  test("in a fit that goes on from a checkpoint within an epoch", async () => {
    const saved: Checkpoint[] = [];
    const first = new Trainer({
      ...{ ...quiet, maxSteps: 1 },
      callbacks: [{ onTrainBatchEnd: async (trainer) => void saved.push(await trainer.checkpoint()) }],
    });
    await first.fit(makeTiny(Traced), { train: batches(2), val: batches(1) });
    const model = makeTiny(Traced);
    const trainer = new Trainer({ ...quiet, callbacks: [recordHooks(model.trace)] });
    const [checkpoint] = saved;
    if (checkpoint === undefined) throw new Error("no checkpoint");
    await trainer.fit(model, { train: batches(2), val: batches(1) }, { checkpoint });
    expect(model.trace).toEqual([
      ...["setup", "onLoadCheckpoint", "onFitStart", "onTrainStart"],
      ...[...trainBatch, ...validation(1), "onTrainEpochEnd"],
      ...["onTrainEnd", "onFitEnd", "teardown"],
    ]);
  });

  test("with callbacks that a module brings after the Trainer's, and before the module itself", async () => {
    const order: string[] = [];
    const speak = (who: string) => ({ onFitStart: () => void order.push(who) });
    class Speaking extends TinyModule {
      override configureCallbacks = () => [speak("module's callback")];
      override onFitStart(): void {
        order.push("module");
      }
    }
    const trainer = new Trainer({ ...quiet, maxSteps: 1, callbacks: [speak("first"), speak("second")] });
    await trainer.fit(makeTiny(Speaking), { train: batches(1) });
    expect(order).toEqual(["first", "second", "module's callback", "module"]);
  });

  test("with a DataModule's: it prepares and sets up before all others, and tears down before their teardown", async () => {
    const trace: string[] = [];
    const note = (name: string) => () => void trace.push(name);
    const data = {
      ...{ prepareData: note("prepareData"), setup: note("data's setup"), teardown: note("data's teardown") },
      trainDataloader: () => (trace.push("trainDataloader"), batches(1)),
    };
    await new Trainer({ ...quiet, callbacks: [recordHooks(trace)] }).fit(makeTiny(Traced), data);
    expect(trace.slice(0, 5)).toEqual([
      "prepareData",
      "data's setup",
      "setup",
      "trainDataloader",
      "onFitStart",
    ]);
    expect(trace.slice(-2)).toEqual(["data's teardown", "teardown"]);
  });
});

describe("an exception", () => {
  const failing = (): DataSource<Batch> => ({
    async *[Symbol.asyncIterator]() {
      for await (const batch of makeLoader({ size: 16 })) {
        yield batch;
        tf.dispose([batch.xs, batch.ys]);
      }
      throw new Error("broken at data");
    },
  });
  const hooks: HookName[] = [
    ...(["setup", "onFitStart", "onSanityCheckStart", "onSanityCheckEnd", "onTrainStart"] as const),
    ...(["onTrainEpochStart", "onTrainBatchStart", "onBeforeZeroGrad", "onBeforeBackward"] as const),
    ...(["onAfterBackward", "onBeforeOptimizerStep", "onTrainBatchEnd"] as const),
    ...(["onValidationStart", "onValidationEpochStart", "onValidationBatchStart"] as const),
    ...(["onValidationBatchEnd", "onValidationEpochEnd", "onValidationEnd"] as const),
    ...(["onTrainEpochEnd", "onTrainEnd", "onFitEnd"] as const),
  ];
  const places: [
    string,
    { hook?: HookName; sanity?: number; breakAt?: HookName; train?: () => DataSource<Batch> },
  ][] = [
    ...hooks.map((hook): [string, { hook: HookName }] => [hook, { hook }]),
    ["trainingStep", { breakAt: "onTrainStart" }],
    ["validationStep", { breakAt: "onFitStart" }],
    ["validationStep", { breakAt: "onValidationStart", sanity: 0 }],
    ["data", { train: failing }],
  ];
  test.each(places)(
    "at %s is told once, everything is torn down once, and nothing is left",
    async (at, how) => {
      const { hook, sanity = 2, breakAt, train = () => batches(2) } = how;
      const model = makeTiny(Traced);
      const before = tf.memory().numTensors;
      const breakModel = (): void => void (model.isBroken = true);
      const breaking: Callback = breakAt === undefined ? {} : { [breakAt]: breakModel };
      const trainer = new Trainer({
        ...{ ...quiet, numSanityValSteps: sanity, gradientClipVal: 1 },
        callbacks: [recordHooks(model.trace, hook), breaking],
      });
      await expect(trainer.fit(model, { train: train(), val: batches(1) })).rejects.toThrow(
        `broken at ${at}`,
      );
      expect(model.trace.slice(-2)).toEqual(["onException", "teardown"]);
      expect(model.trace.filter((name) => name === "onException" || name === "teardown")).toHaveLength(2);
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(before);

      model.isBroken = false;
      expect(model.trainer).toBeNull();
      const again = trainer.fit(model, { train: batches(1), val: batches(1) });
      if (at === "data") expect(await again).toMatchObject({ status: "finished", steps: 1 });
      else await expect(again).rejects.toThrow(`broken at ${at}`);
      trainer.dispose();
    },
  );

  test("in predict frees what was predicted before", async () => {
    const model = makeTiny(Traced);
    const before = tf.memory().numTensors;
    await expect(new Trainer(quiet).predict(model, failing())).rejects.toThrow("broken at data");
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("predictions that are a batch's own tensors outlive it", async () => {
  class Echo extends TinyModule {
    override predictStep({ xs }: Batch): tf.Tensor {
      return xs;
    }
  }
  const predictions = await new Trainer(quiet).predict(makeTiny(Echo), batches(1));
  expect((predictions as tf.Tensor[])[0]?.dataSync()).toHaveLength(64);
  tf.dispose(predictions);
});
