import * as tf from "@tensorflow/tfjs";
import { Module, sgd, type Batch, type OptimizerConfig } from "@fulmine/core";
import { type RuleOptimizer, type SgdSettings } from "@fulmine/core/plugin";
import { describe, expect, test } from "vitest";
import { trainBothWays } from "./support/bothWays.js";
import { CompilingTrainer } from "./support/compilingTrainer.js";

const STEPS = 60;
const nothing = (): void => undefined;

/** A linear model whose step also runs a given function; its values are the same in every run. */
class Linear extends Module {
  readonly weights = tf.tidy(() => tf.variable(tf.fill([4, 1], 0.5)));
  /** Not trained; the step may assign it. */
  readonly total = tf.tidy(() => tf.variable(tf.scalar(0), false));
  readonly optimizer: RuleOptimizer<SgdSettings> = sgd({ lr: 0.01, momentum: 0.5 });
  readonly read: number[] = [];
  kept: tf.Tensor | null = null;
  calls = 0;

  constructor(
    readonly step: (model: Linear, batch: Batch, loss: tf.Scalar) => tf.Scalar,
    readonly before: (model: Linear) => void,
  ) {
    super();
  }

  override onTrainBatchStart(): void {
    this.before(this);
  }

  trainingStep(batch: Batch): tf.Scalar {
    this.calls += 1;
    const predicted = tf.matMul(batch.xs, this.weights);
    return this.step(this, batch, tf.mean<tf.Scalar>(tf.squaredDifference(predicted, batch.ys)));
  }

  /** Keeps a tensor in place of the previous one. */
  keep(tensor: tf.Tensor | null): void {
    this.kept?.dispose();
    this.kept = tensor === null ? null : tf.keep(tensor);
  }

  configureOptimizers(): OptimizerConfig {
    return this.optimizer;
  }
}

function dataOf(): Batch[] {
  const numbers = (count: number, from: number) =>
    Float32Array.from({ length: count }, (_, index) => Math.sin(index + from));
  return Array.from({ length: STEPS }, (_, index) => ({
    xs: tf.tensor2d(numbers(12, index), [3, 4]),
    ys: tf.tensor2d(numbers(3, 2 * index), [3, 1]),
  }));
}

/** Trains eagerly and compiled, expects the same bits, the same reads and no leaks, and returns the compiled model. */
async function both(step: Linear["step"], before: Linear["before"] = nothing): Promise<Linear> {
  const models: Linear[] = [];
  const tensors = tf.memory().numTensors;
  const all: tf.Tensor[] = [];
  await trainBothWays(
    () => {
      const module = new Linear(step, before);
      const data = dataOf();
      models.push(module);
      all.push(...data.flatMap(({ xs, ys }) => [xs, ys]));
      return { module, data };
    },
    { maxSteps: STEPS, compile: "auto" },
  );
  for (const model of models) model.keep(null);
  tf.dispose(all);
  expect(tf.memory().numTensors).toBe(tensors);
  const [eager, compiled] = models as [Linear, Linear];
  expect(compiled.read).toEqual(eager.read);
  return compiled;
}

describe("a custom gradient that was made before the run", () => {
  let sign = 1;
  const turned = tf.customGrad((x) => ({
    value: tf.mul(x as tf.Tensor, 1),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, sign),
  }));

  test("runs its backward pass at every step", async () => {
    const turn: Linear["step"] = (model, _, loss) => {
      sign = model.calls > STEPS / 2 ? -1 : 1;
      return turned(loss) as tf.Scalar;
    };
    await both(turn);
  });
});

test("a kept constant that the next step uses and disposes is still there when that step leaves its path", async () => {
  const model = await both((self, _, loss) => {
    const before = self.kept;
    let sum: tf.Tensor = loss;
    if (before !== null) sum = tf.add(loss, tf.mul(tf.sum(before), tf.sum(self.weights)));
    self.keep(tf.tensor1d([0.01 * (self.calls % 5), 0.02]));
    return (self.calls % 13 === 0 ? tf.mul(sum, 0.5) : sum) as tf.Scalar;
  });
  expect(model.calls).toBe(STEPS);
});

describe("a variable that was assigned in the step", () => {
  test("is read with its new value, and a tensor that shared its data is read with the old one", async () => {
    const { read } = await both((self, { xs }, loss) => {
      self.keep(self.total.clone());
      self.total.assign(tf.add(self.total, loss));
      if (self.calls % 20 === 19)
        self.read.push(...[self.total, self.kept, xs].map((tensor) => tensor?.dataSync()[0] ?? NaN));
      return tf.add(loss, tf.mul(tf.mul(self.total, 1e-4), tf.sum(self.weights)));
    });
    expect(read).toHaveLength(9);
    expect(read[0]).toBeGreaterThan(read[1] ?? NaN);
  });
});

test("a copy of an optimizer's slot keeps its value while the slot changes", async () => {
  // It shares the slot's data in the steps that record and compare the path, but not afterwards.
  const copy: Linear["before"] = (self) => {
    const slot = self.optimizer.plan(null)?.slots[0];
    if (slot !== undefined && self.calls < 20) self.keep(slot.clone());
  };
  await both(
    (self, _, loss) =>
      self.kept === null ? loss : tf.add(loss, tf.mul(0.1, tf.mean(tf.mul(self.kept, self.weights)))),
    copy,
  );
});

test("a loss that the step keeps stays alive", async () => {
  const { read } = await both((self, _, loss) => {
    if (self.kept !== null) self.read.push(self.kept.dataSync()[0] ?? NaN);
    self.keep(loss);
    return loss;
  });
  expect(read).toHaveLength(STEPS - 1);
});

test("a loss that the step has disposed is an error", async () => {
  const data = dataOf();
  const module = new Linear((self, _, loss) => {
    if (self.calls === STEPS / 2) loss.dispose();
    return loss;
  }, nothing);
  const trainer = new CompilingTrainer({ maxSteps: STEPS, logger: false, enableProgressBar: false });
  await expect(trainer.fit(module, { train: data })).rejects.toThrow("a loss that it has disposed");
  trainer.dispose();
});

describe("other code's replacement of the engine's methods", () => {
  const engine = tf.engine();
  const train = async (whileTraining: (step: number) => void) => {
    const trainer = new CompilingTrainer({
      ...{ maxSteps: STEPS, logger: false, enableProgressBar: false, enableModelSummary: false },
      ...{ callbacks: [{ onTrainBatchEnd: ({ globalStep }) => whileTraining(globalStep) }] },
      enableCheckpointing: false,
    });
    await trainer.fit(new Linear((_, __, loss) => loss, nothing), { train: dataOf() });
    const [step] = trainer.explainCompile().steps;
    trainer.dispose();
    return step?.replays ?? 0;
  };

  test("made before a run is there after it", async () => {
    const makeTensor = engine.makeTensor.bind(engine);
    let made = 0;
    engine.makeTensor = (...given) => {
      made += 1;
      return makeTensor(...given);
    };
    try {
      expect(await train(() => undefined)).toBeGreaterThan(0);
      const before = made;
      tf.scalar(1).dispose();
      expect(made).toBe(before + 1);
    } finally {
      Reflect.deleteProperty(engine, "makeTensor");
    }
  });

  test("made during a run receives every kernel from then on, and is there after it", async () => {
    const kernels: string[] = [];
    const replays = await train((step) => {
      if (step !== 20) return;
      const runKernel = engine.runKernel.bind(engine);
      engine.runKernel = (name, ...given) => {
        kernels.push(name);
        return runKernel(name, ...given);
      };
    });
    const products = kernels.filter((name) => name === "BatchMatMul").length;
    const count = kernels.length;
    tf.tidy(() => tf.sin(1));
    Reflect.deleteProperty(engine, "runKernel");
    expect(kernels.slice(count)).toEqual(["Sin"]);
    expect(replays).toBeLessThan(20);
    // One in each forward pass, one in each backward pass.
    expect(products).toBe(2 * (STEPS - 20));
  });
});
