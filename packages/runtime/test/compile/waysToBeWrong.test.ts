import * as tf from "@tensorflow/tfjs";
import {
  adam,
  DataLoader,
  findVariables,
  FulmineError,
  meanSquaredError,
  Module,
  seeded,
  sgd,
  type Batch,
  type Callback,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { describe, expect, test } from "vitest";
import { CompilingTrainer } from "./support/compilingTrainer.js";

const STEPS = 60;

/** A linear model whose step can be given any fault. */
class Linear extends Module<{ lr: number; beta: number }> {
  readonly weights = tf.variable(tf.randomNormal([4, 1]));
  readonly bias = tf.variable(tf.zeros([1]));
  alpha = 1;
  calls = 0;

  constructor(readonly fault: (model: Linear, batch: Batch, loss: tf.Scalar, batchIdx: number) => tf.Scalar) {
    super({ lr: 0.05, beta: 0.5 });
  }

  predict(xs: tf.Tensor): tf.Tensor {
    return tf.add(tf.matMul(xs as tf.Tensor2D, this.weights as tf.Tensor2D), this.bias);
  }

  trainingStep(batch: Batch, batchIdx: number): tf.Scalar {
    const loss = tf.mean<tf.Scalar>(tf.square(tf.sub(this.predict(batch.xs), batch.ys)));
    return this.fault(this, batch, loss, batchIdx);
  }

  configureOptimizers(): OptimizerConfig {
    return adam({ lr: this.hparams.lr });
  }
}

/** The same without an index, which most steps do not take. */
class Plain extends Linear {
  override trainingStep(batch: Batch): tf.Scalar {
    return super.trainingStep(batch, -1);
  }
}

type Fault = Linear["fault"];

function data(batchSize = 4): DataLoader {
  return seeded(9, () => {
    const xs = Float32Array.from({ length: 48 * 4 }, () => Math.random() * 2 - 1);
    const ys = Float32Array.from({ length: 48 }, () => Math.random());
    return new DataLoader(
      { xs: { values: xs, shape: [48, 4] }, ys: { values: ys, shape: [48, 1] } },
      { batchSize, shuffle: true },
    );
  });
}

interface Outcome {
  readonly losses: number[];
  readonly weights: unknown[];
  readonly replays: number;
  readonly reasons: string[];
  readonly warnings: string[];
}

async function train(
  make: () => Linear,
  compile: "auto" | boolean,
  { callbacks = [], ...options }: TrainerOptions = {},
): Promise<Outcome> {
  const losses: number[] = [];
  const warnings: string[] = [];
  const record: Callback = { onTrainBatchEnd: (_, __, { loss }) => void losses.push(loss) };
  const trainer = new CompilingTrainer({
    ...{ maxSteps: STEPS, seed: 7, logger: false, callbacks: [record, ...callbacks], compile },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    ...options,
  });
  Object.defineProperty(trainer, "display", {
    value: { ...trainer.display, warn: (text: string) => warnings.push(text) },
  });
  const model = seeded(3, make);
  await trainer.fit(model, { train: data() });
  trainer.dispose();
  const { steps } = trainer.explainCompile();
  return {
    losses,
    warnings,
    weights: findVariables(model).all.map((variable) => Array.from(variable.dataSync())),
    replays: steps.reduce((sum, step) => sum + step.replays, 0),
    reasons: steps.flatMap(({ reason }) => (reason === null ? [] : [reason])),
  };
}

async function both(fault: Fault, options?: TrainerOptions, make: () => Linear = () => new Plain(fault)) {
  const eager = await train(make, false, options);
  const compiled = await train(make, "auto", options);
  expect(compiled.losses).toEqual(eager.losses);
  expect(compiled.weights).toEqual(eager.weights);
  return compiled;
}

describe("a step stays eager and gives the reason when it", () => {
  const cases: readonly [name: string, fault: Fault, reason: RegExp][] = [
    [
      "reads a tensor's value",
      (_, __, loss) => tf.mul(loss, 1 + 0 * (loss.dataSync()[0] ?? 0)),
      /reads the value of a tensor that it computes/,
    ],
    [
      "branches on a tensor's value",
      (_, __, loss) => ((loss.dataSync()[0] ?? 0) > 0.3 ? tf.mul(loss, 2) : loss),
      /reads the value of a tensor that it computes/,
    ],
    [
      "makes a variable",
      (_, __, loss) => {
        tf.variable(tf.scalar(1)).dispose();
        tf.variable(tf.scalar(1));
        return loss;
      },
      /makes a variable/,
    ],
    [
      "uses a custom gradient",
      (_, __, loss) =>
        tf.customGrad((x) => ({ value: tf.square(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => dy }))(
          loss,
        ) as tf.Scalar,
      /uses tf\.customGrad/,
    ],
    [
      "differentiates within the step",
      (_, __, loss) => tf.add(loss, tf.sum(tf.grad((x) => tf.square(x))(tf.scalar(2)))),
      /differentiates within the step/,
    ],
    [
      "uses a stateful operation",
      (_, { xs }, loss) =>
        tf.add(
          loss,
          tf.mul(0, tf.mean(tf.cast(tf.multinomial(tf.softmax(xs as tf.Tensor2D), 2, 5), "float32"))),
        ),
      /Multinomial, whose outcome depends on more than its inputs/,
    ],
  ];
  test.each(cases)("%s", async (_, fault, reason) => {
    const { reasons, replays, warnings } = await both(fault);
    expect(reasons.join()).toMatch(reason);
    expect(replays).toBe(0);
    // Once, in one line.
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^The training step of Plain is not compiled: [^\n]*$/);
    expect(warnings[0]).toMatch(reason);
  });

  test("takes another path at nearly every call", async () => {
    const { reasons, replays } = await both((model, _, loss) => {
      model.calls += 1;
      return tf.add(loss, tf.mean(tf.fill([2], model.calls)));
    });
    expect(reasons.join()).toMatch(/its kernels or their attributes differ at nearly every call/);
    expect(replays).toBe(0);
  });
});

describe("a step is compiled and does the same as eagerly when", () => {
  const outside = tf.tensor1d([0.5]);
  const metric = meanSquaredError();
  const ways: Record<string, Fault> = {
    "it draws at random in JavaScript": (_, __, loss) => tf.mul(loss, Math.random()),
    "it logs a number": (model, _, loss) => {
      model.log("answer", 42);
      return loss;
    },
    "it counts its calls": (model, _, loss) => {
      model.calls += 1;
      return tf.mul(loss, 1 / model.calls);
    },
    "it reads the Trainer's counters": (model, _, loss) =>
      tf.mul(loss, (model.trainer?.globalStep ?? 0) < 30 ? 1 : 2),
    "it keeps a tensor": (_, __, loss) => {
      tf.keep(loss.clone());
      return loss;
    },
    "it uses a tensor from outside": (_, __, loss) => tf.mul(loss, tf.sum(outside)),
    "it reads the value of a tensor that it is given": (_, { xs }, loss) =>
      (xs.dataSync()[0] ?? 0) > 0 ? tf.mul(loss, 2) : loss,
    "it updates a metric": (model, { xs, ys }, loss) => {
      metric.update(model.predict(xs), ys);
      return loss;
    },
  };
  test.each(Object.entries(ways))("%s", async (_, fault) => {
    const { replays, reasons } = await both(fault);
    expect(replays).toBeGreaterThan(STEPS / 2);
    expect(reasons).toEqual([]);
  });

  test("it takes the batch's index", async () => {
    const fault: Fault = (_, __, loss, batchIdx) => tf.mul(loss, batchIdx % 2 === 0 ? 1 : 2);
    const { replays } = await both(fault, {}, () => new Linear(fault));
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("no guard reveals a changed dependency", async () => {
    let hidden = 1;
    let step = 0;
    const change: Callback = {
      onFitStart: () => void ([hidden, step] = [1, 0]),
      onTrainBatchEnd() {
        step += 1;
        if (step === 20) hidden = 2;
      },
    };
    const { replays } = await both((_, __, loss) => tf.mul(loss, hidden), { callbacks: [change] });
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("it assigns variables that are not the module's", async () => {
    const make = () => {
      const mean = tf.variable(tf.scalar(0), false);
      const model = new Plain((_, __, loss) => {
        mean.assign(tf.add<tf.Scalar>(tf.mul(mean, 0.9), tf.mul(loss, 0.1)));
        return tf.add(loss, tf.mul(mean, 0.01));
      });
      return model;
    };
    const { replays } = await both(make().fault, {}, make);
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("it draws tensors at random, uniform, normal or truncated", async () => {
    const { replays } = await both((_, { xs }, loss) => {
      const noise = [tf.randomUniform([4]), tf.randomNormal([4]), tf.truncatedNormal([4])];
      return tf.add(loss, tf.mean(tf.mul(tf.addN(noise), tf.mean(xs, 0))));
    });
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("a number among the module's properties changes between steps", async () => {
    const change: Callback = {
      onTrainBatchEnd(_, module, __, ___, batchIdx) {
        if (batchIdx === 9) (module as unknown as Linear).alpha *= 0.7;
      },
    };
    const { replays } = await both((model, _, loss) => tf.mul(loss, model.alpha), { callbacks: [change] });
    expect(replays).toBeGreaterThan(0);
  });

  test("a hyperparameter changes between steps", async () => {
    const change: Callback = {
      onTrainEpochEnd(_, module) {
        (module as unknown as Linear).hparams.beta *= 0.5;
      },
    };
    const { replays } = await both((model, _, loss) => tf.mul(loss, model.hparams.beta), {
      callbacks: [change],
    });
    expect(replays).toBeGreaterThan(0);
  });

  test("a property that does not matter changes all the time", async () => {
    const change: Callback = {
      onTrainBatchEnd(_, module) {
        (module as unknown as Linear).calls += 1;
      },
    };
    const { replays } = await both((_, __, loss) => loss, { callbacks: [change] });
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("a tensor among the module's properties is replaced", async () => {
    class Scaled extends Plain {
      scale = tf.scalar(1);
    }
    const fault: Fault = (model, _, loss) => tf.mul(loss, (model as Scaled).scale);
    const change: Callback = {
      onTrainEpochEnd(_, module) {
        const model = module as unknown as Scaled;
        model.scale.dispose();
        model.scale = tf.keep(tf.scalar(0.5));
      },
    };
    const { replays } = await both(fault, { callbacks: [change] }, () => new Scaled(fault));
    expect(replays).toBeGreaterThan(0);
  });

  test("a callback sets weights in between", async () => {
    const change: Callback = {
      onTrainBatchStart(_, module, __, batchIdx) {
        if (batchIdx === 5) (module as unknown as Linear).weights.assign(tf.ones([4, 1]));
      },
    };
    const { replays } = await both((_, __, loss) => loss, { callbacks: [change] });
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("a callback reads weights at every step", async () => {
    const seen: Record<string, number[]> = {};
    const watch = (name: string): Callback => ({
      onTrainBatchEnd(_, module) {
        (seen[name] ??= []).push((module as unknown as Linear).weights.dataSync()[0] ?? NaN);
      },
    });
    const plain = () => new Plain((_, __, loss) => loss);
    await train(plain, false, { callbacks: [watch("eager")] });
    await train(plain, "auto", { callbacks: [watch("compiled")] });
    expect(seen["compiled"]).toEqual(seen["eager"]);
  });

  test("a callback between the gradients and the optimizer's step changes the learning rate", async () => {
    const change: Callback = {
      onBeforeOptimizerStep(_, __, optimizer) {
        optimizer.lr *= 0.99;
      },
    };
    const { replays } = await both((_, __, loss) => loss, { callbacks: [change] });
    expect(replays).toBeGreaterThan(STEPS / 2);
  });

  test("a variable is frozen and thawed", async () => {
    const change: Callback = {
      onTrainEpochEnd(trainer, module) {
        (module as unknown as Linear).bias.trainable = trainer.currentEpoch % 2 === 1;
      },
    };
    const { replays } = await both((_, __, loss) => loss, { callbacks: [change] });
    expect(replays).toBeGreaterThan(0);
  });

  test("the last batch of an epoch is shorter", async () => {
    const make = () => new Plain((_, __, loss) => loss);
    const run = async (compile: "auto" | boolean) => {
      const trainer = new CompilingTrainer({
        ...{ maxEpochs: 12, seed: 1, compile, logger: false },
        ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
      });
      const model = seeded(3, make);
      await trainer.fit(model, { train: data(10) });
      trainer.dispose();
      return { weights: Array.from(model.weights.dataSync()), steps: trainer.explainCompile().steps };
    };
    const [eager, compiled] = [await run(false), await run("auto")];
    expect(compiled.weights).toEqual(eager.weights);
    expect(compiled.steps.map(({ status, paths }) => ({ status, paths }))).toEqual([
      { status: "compiled", paths: 2 },
    ]);
  });
});

test("with `compile: true` a step that can't be compiled is an error that says why", async () => {
  const failing = train(() => new Plain((_, __, loss) => tf.mul(loss, loss.dataSync()[0] ?? 0)), true);
  await expect(failing).rejects.toThrow(FulmineError);
  await expect(failing).rejects.toThrow(
    /The training step of Plain can't be compiled: it reads the value of a tensor that it computes\. Use `compile: "auto"`/,
  );
});

test("an optimizer of tfjs's own steps eagerly, and the gradients are compiled", async () => {
  const { fromTfjsOptimizer } = await import("@fulmine/core");
  class Own extends Plain {
    override configureOptimizers(): OptimizerConfig {
      return fromTfjsOptimizer(tf.train.momentum(0.01, 0.9));
    }
  }
  const { replays } = await both(
    (_, __, loss) => loss,
    {},
    () => new Own((_, __, loss) => loss),
  );
  expect(replays).toBeGreaterThan(STEPS / 2);
});

test("several optimizers step in one go", async () => {
  class Two extends Plain {
    override configureOptimizers(): OptimizerConfig {
      return [
        sgd({ lr: 0.1, groups: [{ params: [this.weights] }] }),
        adam({ lr: 0.01, groups: [{ params: [this.bias] }] }),
      ];
    }
  }
  const { replays } = await both(
    (_, __, loss) => loss,
    {},
    () => new Two((_, __, loss) => loss),
  );
  expect(replays).toBeGreaterThan(STEPS / 2);
});
