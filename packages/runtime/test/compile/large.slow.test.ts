import * as tf from "@tensorflow/tfjs";
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  findVariables,
  fromTfjsOptimizer,
  Module,
  nadam,
  radam,
  rmsprop,
  seeded,
  sgd,
  WeightAveraging,
  type Batch,
  type Callback,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { makeOptimizer, type UpdateRule } from "@fulmine/core/plugin";
import { createHash } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  nativeBackend,
  type NativeBackend,
  type NativeBinding,
} from "../../src/compile/tensorflow/nativeBackend.js";
import { CompilingTrainer } from "./support/compilingTrainer.js";
import { randomData } from "./support/nets.js";

const INPUTS = 448;

/** Makes a variable of random numbers; those of 448 x 600 are above a megabyte. */
function weights(shape: number[], trainable = true): tf.Variable<tf.Rank.R2> {
  return tf.tidy(() =>
    tf.variable(tf.randomNormal<tf.Rank.R2>(shape as [number, number], 0, 0.05), trainable),
  );
}

/** A network with one large weight and small ones; large values are compared by digests. */
class Wide extends Module<{ lr: number }> {
  readonly large = weights([INPUTS, 600]);
  readonly bias = weights([1, 600]);
  readonly small = weights([600, 3]);
  /** Further variables, by name. */
  readonly more: Record<string, tf.Variable> = {};
  calls = 0;

  constructor(
    readonly configure: (model: Wide) => OptimizerConfig = () => adam({ lr: 1e-3 }),
    readonly step: (model: Wide, batch: Batch, loss: tf.Scalar) => tf.Scalar = (_, __, loss) => loss,
  ) {
    super({ lr: 1e-3 });
  }

  trainingStep(batch: Batch): tf.Scalar {
    this.calls += 1;
    return this.step(this, batch, this.#loss(batch));
  }

  override validationStep(batch: Batch): tf.Scalar {
    const loss = this.#loss(batch);
    this.log("val_loss", loss);
    return loss;
  }

  #loss({ xs, ys }: Batch): tf.Scalar {
    const hidden = tf.tanh<tf.Tensor2D>(tf.add(tf.matMul(xs as tf.Tensor2D, this.large), this.bias));
    return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(ys, tf.matMul(hidden, this.small));
  }

  configureOptimizers(): OptimizerConfig {
    return this.configure(this);
  }
}

function bitsOf(values: ArrayBufferView): string {
  const { buffer, byteOffset, byteLength } = values;
  return createHash("sha1")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

interface Given extends TrainerOptions {
  readonly callback?: () => Callback<Wide>;
  readonly isValidated?: boolean;
  /** Whether the step fails. */
  readonly fails?: boolean;
}

async function train(make: () => Wide, compile: boolean, given: Given) {
  const { callback, isValidated = false, fails = false, ...options } = given;
  const losses: number[] = [];
  const counts: number[] = [];
  const record: Callback = {
    onTrainBatchEnd(_, __, { loss }) {
      losses.push(loss);
      counts.push(tf.memory().numTensors, tf.backend().numDataIds());
    },
  };
  const model = seeded(3, make);
  const data = randomData(INPUTS, false);
  const trainer = new CompilingTrainer({
    ...{ maxSteps: 44, seed: 7, logger: false, compile: compile ? "auto" : false, numSanityValSteps: 0 },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    ...options,
    callbacks: [record, ...(callback === undefined ? [] : [callback()]), ...(options.callbacks ?? [])],
  });
  const failure = await trainer
    .fit(model, isValidated ? { train: data, val: data } : { train: data })
    .then(() => null, String);
  expect(failure !== null).toBe(fails);
  const states = await Promise.all(trainer.optimizers.map((optimizer) => optimizer.stateDict()));
  const slots = states.flatMap(({ params }) =>
    params.flatMap(({ step, slots }) => [step, ...Object.values(slots).map(({ values }) => bitsOf(values))]),
  );
  const values = findVariables(model).all.map((variable) => bitsOf(variable.dataSync()));
  trainer.dispose();
  tf.disposeVariables();
  const left = [tf.memory().numTensors, tf.backend().numDataIds()];
  return { outcome: { losses, failure, slots, values, counts, left }, steps: trainer.explainCompile().steps };
}

/** Trains eagerly and compiled; expects the same bits and the same number of tensors after each step and at the end. */
async function both(make: () => Wide, given: Given = {}) {
  const eager = await train(make, false, given);
  const { outcome, steps } = await train(make, true, given);
  expect(outcome).toEqual(eager.outcome);
  for (const { status, calls, replays } of steps) {
    expect(status).toBe("compiled");
    expect(replays).toBeGreaterThan(calls / 2);
  }
}

const decay = { weightDecay: 1e-3 };

describe("a large value trains to the same bits as eagerly, with as many tensors, with", () => {
  const optimizers: Record<string, (model: Wide) => OptimizerConfig> = {
    sgd: () => sgd({ lr: 0.05, ...decay }),
    "dampened momentum": () => sgd({ lr: 0.05, momentum: 0.9, dampening: 0.3, ...decay }),
    "Nesterov's momentum": () => sgd({ lr: 0.05, momentum: 0.9, nesterov: true, ...decay }),
    adam: () => adam({ lr: 1e-3, ...decay }),
    adamw: () => adamw({ lr: 1e-3, amsgrad: true }),
    nadam: () => nadam({ lr: 1e-3, ...decay, decoupledWeightDecay: true }),
    radam: () => radam({ lr: 1e-3, ...decay }),
    rmsprop: () => rmsprop({ lr: 1e-3, centered: true, momentum: 0.9, ...decay }),
    adagrad: () => adagrad({ lr: 1e-2, lrDecay: 0.01, ...decay }),
    adadelta: () => adadelta({ lr: 1, ...decay }),
    adamax: () => adamax({ lr: 1e-3, ...decay }),
    "an optimizer of TensorFlow.js": () => fromTfjsOptimizer(tf.train.adam(1e-3)),
    "two optimizers": ({ large, bias, small }) => [
      adam({ lr: 1e-3, groups: [{ params: [large] }] }),
      sgd({ lr: 0.05, momentum: 0.9, groups: [{ params: [bias, small] }] }),
    ],
    "two groups": ({ large, bias, small }) =>
      adam({
        lr: 1e-3,
        groups: [
          { params: [large], lr: 1e-4 },
          { params: [bias, small], amsgrad: true },
        ],
      }),
  };
  test.each(Object.entries(optimizers))("%s", (_, configure) => both(() => new Wide(configure)));
});

/** Calls a function around step 39, which is compared again, and after every tenth step. */
const atTimes = (change: NonNullable<Callback<Wide>["onTrainBatchEnd"]>) => (): Callback<Wide> => ({
  onTrainBatchEnd(trainer, model, ...rest) {
    const { globalStep } = trainer;
    if (globalStep % 10 === 0 || (globalStep >= 37 && globalStep <= 40))
      return change(trainer, model, ...rest);
  },
});

describe("large values have the same bits as eagerly, with as many tensors, when", () => {
  test("gradients are clipped and accumulated", () =>
    both(() => new Wide(), { gradientClipVal: 0.05, accumulateGradBatches: 3, maxSteps: 20 }));

  test("weights are averaged and validated", () =>
    both(() => new Wide(), { isValidated: true, callbacks: [new WeightAveraging({ decay: 0.9 })] }));

  test("a callback reads, assigns and restores them", () =>
    both(() => new Wide(), {
      callback: atTimes(async ({ optimizers: [optimizer] }, { large }) => {
        tf.tidy(() => large.assign(tf.mul(large, 0.9)));
        large.dataSync();
        await optimizer?.loadStateDict(await optimizer.stateDict());
      }),
    }));

  test("a learning-rate search runs between the steps", () =>
    both(() => new Wide(), {
      maxSteps: 40,
      callback: () => ({
        async onTrainBatchEnd(trainer, model) {
          if (trainer.globalStep === 38)
            await (trainer as InstanceType<typeof CompilingTrainer>).findLr(model, undefined, {
              numTraining: 30,
            });
        },
      }),
    }));

  test("a step assigns them to others", () =>
    both(() => {
      const model = new Wide(undefined, (model, { xs }, loss) => {
        const { follower, copy, count } = model.more as Record<"follower" | "copy" | "count", tf.Variable>;
        copy.assign(model.large);
        count.assign(tf.add(count, tf.scalar(1, "int32")));
        follower.assign(tf.add(tf.mul(follower, 0.9), tf.mul(model.large, 0.1)));
        const followed = tf.mean(tf.matMul(xs as tf.Tensor2D, follower as tf.Tensor2D));
        return tf.add(loss, tf.mul(followed, tf.mean(tf.cast(count, "float32"))));
      });
      model.more["follower"] = weights([INPUTS, 600], false);
      model.more["copy"] = weights([INPUTS, 600], false);
      model.more["count"] = tf.tidy(() => tf.variable(tf.zeros([300_000], "int32"), false));
      return model;
    }, {}));

  test("one is frozen first and trained later", () =>
    both(
      () => {
        const model = new Wide();
        model.large.trainable = false;
        return model;
      },
      {
        callback: () => ({
          onTrainBatchEnd({ globalStep }, { large }) {
            if (globalStep === 20) large.trainable = true;
          },
        }),
      },
    ));

  test("they become NaN", () =>
    both(() => new Wide(), {
      callback: atTimes((_, { large }) => {
        // NaN of both signs.
        tf.tidy(() => large.assign(tf.where(tf.greater(large, 0.1), tf.fill(large.shape, NaN), large)));
        tf.tidy(() => large.assign(tf.where(tf.less(large, -0.1), tf.sqrt(large), large)));
      }),
    }));

  test.each([38, 39])("TensorFlow fails in call %d", (call) =>
    both(
      () => {
        const model = new Wide(undefined, (model, _, loss) => {
          const { assigned, table } = model.more as Record<"assigned" | "table", tf.Variable>;
          assigned.assign(tf.add(assigned, 1));
          const row = model.calls < call ? model.calls % 7 : 1e6;
          const chosen = tf.gather(table, tf.tensor1d([row, row], "int32"));
          return tf.add(loss, tf.mean(tf.square(chosen)));
        });
        model.more["assigned"] = weights([INPUTS, 600], false);
        model.more["table"] = weights([7, 60]);
        return model;
      },
      { fails: true },
    ),
  );
});

test("an update that fails in the middle is not run again, because that would update some parameters twice", async () => {
  /** Fails in the update of some parameters at step 12, as when memory runs out. */
  const rule: UpdateRule<{ failing: number }> = {
    name: "failing",
    slots: () => ({ sum: 0 }),
    scalars: ({ lr, failing }, step) => ({ lr, index: step === 12 ? failing * 1e6 : 0 }),
    update({ param, grad, slots, scalars: { lr, index } }) {
      const one = tf.gather(tf.ones([3]), tf.cast(index as tf.Tensor, "int32"));
      const sum = tf.add(slots["sum"] as tf.Tensor, grad);
      return { param: tf.sub(param, tf.mul(tf.mul(sum, one), lr as tf.Tensor)), slots: { sum } };
    },
  };
  const make = () =>
    new Wide(({ large, bias, small }) => {
      const groups = [{ params: [large] }, { params: [bias, small], failing: 1 }];
      return makeOptimizer(rule, { failing: 0 }, { lr: 0.01, groups });
    });
  const [eager, compiled] = [
    await train(make, false, { fails: true }),
    await train(make, true, { fails: true }),
  ];
  expect(compiled.steps[0]?.replays).toBeGreaterThan(5);
  expect(compiled.outcome.failure).toMatch(/1000000 is not in/);
  expect({ ...compiled.outcome, failure: "" }).toEqual({ ...eager.outcome, failure: "" });
});

/** Tracks the graphs that hold large values, until the test ends. */
function holders(): ReadonlySet<number> {
  const backend = nativeBackend() as NativeBackend;
  const { binding } = backend;
  const holding = new Set<number>();
  const runSavedModel: NativeBinding["runSavedModel"] = (id, inputs, names, outputs) => {
    if (outputs === "written:0") holding.add(id);
    if (outputs === "freed:0") holding.delete(id);
    return binding.runSavedModel(id, inputs, names, outputs);
  };
  backend.binding = Object.create(binding, { runSavedModel: { value: runSavedModel } }) as NativeBinding;
  onTestFinished(() => {
    backend.binding = binding;
  });
  return holding;
}

test("of all graphs of a model only the one that trained last holds large values", async () => {
  const holding = holders();
  const counts: number[] = [];
  const seen = new Set<number>();
  await train(() => new Wide(), true, {
    isValidated: true,
    callback: () => ({
      onTrainBatchEnd() {
        for (const graph of holding) seen.add(graph);
        counts.push(holding.size);
      },
      onValidationEnd() {
        for (const graph of holding) seen.add(graph);
      },
    }),
  });
  expect(Math.max(...counts)).toBe(1);
  // Two sizes of batches, in training and in validation.
  expect(seen.size).toBe(4);
});
