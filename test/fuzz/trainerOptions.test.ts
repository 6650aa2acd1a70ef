import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect } from "vitest";
import { FulmineError, Trainer, type TrainerOptions } from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";
import { smallLoader, SmallModule } from "./support/smallModule.js";

const flags = [() => true, () => false];
const counts = [() => 1, () => 2];
const limits = [() => 1, () => 0.5, () => 2];

const valid: Valid = {
  maxEpochs: counts,
  minEpochs: [() => 0, () => 1],
  maxSteps: counts,
  maxTime: [() => "00:00:01:00", () => ({ minutes: 1 })],
  limitTrainBatches: limits,
  limitValBatches: [...limits, () => 0],
  limitTestBatches: limits,
  limitPredictBatches: limits,
  overfitBatches: limits,
  fastDevRun: [...flags, () => 2],
  valCheckInterval: [() => 1, () => 0.5],
  checkValEveryNEpoch: counts,
  numSanityValSteps: [() => 0, () => 1],
  logEveryNSteps: counts,
  accumulateGradBatches: [() => 2, () => ({ 0: 2, 1: 1 })],
  gradientClipVal: [() => 1],
  gradientClipAlgorithm: [() => "norm", () => "value"],
  detectAnomaly: flags,
  enableProgressBar: [() => false],
  enableModelSummary: [() => false],
  enableCheckpointing: [() => false],
  onProgress: [() => () => undefined],
  defaultRootDir: [() => "runs"],
  seed: [() => 1, () => -1],
  callbacks: [() => [], () => [{ onTrainEnd: () => undefined }]],
  logger: [() => false, () => []],
  signal: [() => new AbortController().signal],
};

/** What makes each run short, whatever else is asked for. */
const short = { ...{ maxSteps: 3, maxEpochs: 2, enableProgressBar: false, enableModelSummary: false } };

const data = { train: smallLoader(), val: smallLoader() };

/** Trains, and sees that the weights are numbers. */
async function train(trainer: Trainer, given: unknown = data): Promise<void> {
  const module = new SmallModule();
  try {
    await trainer.fit(module, given as typeof data);
    for (const weight of module.weight.dataSync()) expect(weight).not.toBeNaN();
  } finally {
    trainer.dispose();
    module.weight.dispose();
  }
}

property(
  "a Trainer takes any options and trains, or refuses them",
  260,
  hostileOptions({ ...valid, autoLrFind: [() => false] }),
  async ({ make }) => {
    const options: unknown = make();
    const made = new (withLrFinder(Trainer))(options as TrainerOptions);
    expect(made.options).toBe(options ?? made.options);
    await train(new (withLrFinder(Trainer))({ ...made.options, ...short }));
  },
  (end, { isMisspelt, isValid }) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

property(
  "a run takes its arguments, or refuses them, and the next is right",
  80,
  fc.tuple(hostile, hostile),
  async ([one, other]) => {
    const trainer = new Trainer({ ...short, seed: 1 });
    const module = new SmallModule();
    const [a, b] = [one() as never, other() as never];
    const runs: (() => unknown)[] = [
      () => trainer.fit(a, b),
      () => trainer.fit(module, a),
      () => trainer.fit(module, { train: a, val: b }),
      () => trainer.fit(module, { ...data, test: a, predict: b } as never),
      () => trainer.fit(module, data, a),
      () => trainer.validate(a, smallLoader()),
      () => trainer.validate(module, a),
      () => trainer.test(module, a),
      async () => tf.dispose(await trainer.predict(module, a)),
      () => trainer.isolated(module, a, async (trial) => trial.step()),
      () =>
        trainer.isolated(module, data, async (trial) => trial.branch(async (inner) => inner.step(), b), a),
      () => trainer.isolated(module, data, a),
      () => trainer.saveCheckpoint(a),
      () => (trainer.accumulateGradBatches = a),
    ];
    for (const run of runs) await endOf(run);
    trainer.accumulateGradBatches = 1;
    tf.tidy(() => module.weight.assign(tf.zeros([2, 1])));
    await trainer.fit(module, data);
    const again = new SmallModule();
    await new Trainer({ ...short, seed: 1 }).fit(again, data);
    expect([...module.weight.dataSync()]).toEqual([...again.weight.dataSync()]);
    trainer.dispose();
    tf.dispose([module.weight, again.weight]);
  },
);

/** Batches that are no batches, in a list, a generator and a source that claims to be a loader. */
const sources: readonly ((batch: unknown) => unknown)[] = [
  (batch) => [batch],
  (batch) => [batch, batch],
  async function* batches(batch) {
    yield Promise.resolve(batch);
  },
  (batch) => ({
    iterator: async () => Promise.resolve({ next: async () => Promise.resolve({ value: batch }) }),
  }),
  (batch) => ({ iterator: () => batch }),
  (batch) => ({ open: () => batch, isolate: () => () => undefined, length: 1 }),
  (batch) => ({
    open: () => ({ next: () => batch, close: () => batch }),
    isolate: () => batch,
    length: batch,
  }),
  (batch) => ({ [Symbol.iterator]: () => batch }),
];

property(
  "data that is none is refused",
  60,
  fc.tuple(fc.constantFrom(...sources), hostile),
  async ([source, make]) => {
    await endOf(() => train(new Trainer({ ...short, maxEpochs: 1 }), { train: source(make()) }));
    await endOf(() =>
      train(new Trainer({ ...short, numSanityValSteps: 0 }), { ...data, val: source(make()) }),
    );
  },
);

const outputs: readonly ((value: never) => unknown)[] = [
  (value) => value,
  (value) => ({ loss: value }),
  (value) => Promise.resolve(value),
];

property(
  "what a step returns or logs is a loss and a metric, or is refused",
  80,
  fc.tuple(hostile, fc.constantFrom(...outputs), fc.boolean()),
  async ([make, output, isLogged]) => {
    class Odd extends SmallModule {
      override trainingStep(batch: Parameters<SmallModule["loss"]>[0]): tf.Tensor {
        if (!isLogged) return output(make() as never) as tf.Tensor;
        this.log("odd", make() as never);
        this.log(make() as never, 1);
        this.log("constructor", 1, make() as never);
        return this.loss(batch);
      }
      override configureOptimizers(): ReturnType<SmallModule["configureOptimizers"]> {
        return isLogged ? super.configureOptimizers() : (output(make() as never) as never);
      }
    }
    const module = new Odd();
    const trainer = new Trainer(short);
    await endOf(() => trainer.fit(module, data));
    trainer.dispose();
    module.weight.dispose();
  },
);
