import * as tf from "@tensorflow/tfjs";
import {
  findVariables,
  Module,
  seeded,
  sgd,
  stepLr,
  type Batch,
  type Callback,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { describe, expect, test, vi } from "vitest";
import { CompilingTrainer } from "./support/compilingTrainer.js";
import { replaysOf } from "./randomPrograms/replaysOf.js";

const EPOCHS = 10;
const BATCHES = 4;
const STEPS = EPOCHS * BATCHES;

let atModuleLevel = 1;

/** A linear model with a number in every kind of place; it records what its steps see. */
class Linear extends Module {
  readonly weights = tf.tidy(() => tf.variable(tf.randomNormal<tf.Rank.R2>([4, 1])));
  readonly dropout = tf.layers.dropout({ rate: 0.25, inputShape: [4] });
  #private = 1;
  counter = 1;
  readonly map = new Map([["factor", 1]]);
  readonly set = new Set(["one"]);
  readonly typedArray = new Float32Array([0, 1]);
  readonly date = new Date(1);
  readonly long = Array.from({ length: 500 }, () => 1);
  outside = tf.scalar(1);
  /** What the steps saw. */
  readonly seen: unknown[] = [];

  constructor(
    readonly step: (model: Linear, batch: Batch, loss: tf.Scalar) => tf.Scalar = (_, __, loss) => loss,
  ) {
    super();
    this.dropout.build([null, 4]);
  }

  get private(): number {
    return this.#private;
  }

  set private(value: number) {
    this.#private = value;
  }

  byDefault(factor = this.private): number {
    return factor;
  }

  trainingStep(batch: Batch): tf.Scalar {
    const predicted = tf.matMul(batch.xs, this.weights);
    return this.step(this, batch, tf.mean<tf.Scalar>(tf.squaredDifference(predicted, batch.ys)));
  }

  configureOptimizers(): OptimizerConfig {
    const schedule = stepLr({ stepSize: STEPS / 2, gamma: 0.5 });
    return { optimizer: sgd({ lr: 0.5 }), schedule, interval: "step" };
  }
}

interface Outcome {
  readonly losses: number[];
  readonly weights: number[][];
  readonly seen: unknown[];
  readonly failure: string | null;
  readonly replays: number;
  readonly model: Linear;
}

async function train(
  make: () => Linear,
  compile: "auto" | false,
  callback: Callback<Linear>,
  { isValidated = false, ...options }: TrainerOptions & { isValidated?: boolean } = {},
): Promise<Outcome> {
  const losses: number[] = [];
  const record: Callback = { onTrainBatchEnd: (_, __, { loss }) => void losses.push(loss) };
  const trainer = new CompilingTrainer({
    ...{ maxEpochs: EPOCHS, seed: 7, logger: false, compile, callbacks: [record, callback] },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    ...options,
  });
  atModuleLevel = 1;
  const batches = seeded(5, () =>
    Array.from({ length: BATCHES }, () => ({ xs: tf.randomUniform([3, 4]), ys: tf.randomUniform([3, 1]) })),
  );
  const model = seeded(3, make);
  const data = { train: batches, ...(isValidated ? { val: batches } : {}) };
  const failure = await trainer.fit(model, data).then(() => null, String);
  trainer.dispose();
  const weights = findVariables(model).all.map((variable) => Array.from(variable.dataSync()));
  tf.dispose(batches.flatMap(({ xs, ys }) => [xs, ys]));
  model.outside.dispose();
  tf.disposeVariables();
  return { losses, weights, failure, model, seen: model.seen, replays: replaysOf(trainer) };
}

/** Trains eagerly and compiled, expects the same bits and the same records, and returns both models. */
async function both(
  make: () => Linear,
  callback: () => Callback<Linear> = () => ({}),
  options: Parameters<typeof train>[3] = {},
): Promise<readonly [eager: Outcome, compiled: Outcome]> {
  const eager = await train(make, false, callback(), options);
  const tensors = tf.memory().numTensors;
  const buffers = tf.engine().backend.numDataIds();
  const compiled = await train(make, "auto", callback(), options);
  const [wanted, given] = [eager, compiled].map(({ losses, weights, seen, failure }) => {
    return { losses, weights, seen, failure };
  });
  expect(given).toEqual(wanted);
  expect(tf.memory().numTensors - tensors).toBe(0);
  expect(tf.engine().backend.numDataIds() - buffers).toBe(0);
  return [eager, compiled];
}

/** Calls a function once, after half of the steps. */
const halfway = (change: (model: Linear) => void) => (): Callback<Linear> => ({
  onTrainBatchEnd({ globalStep }, model) {
    if (globalStep === STEPS / 2) change(model);
  },
});

/** `one` in the first half of the steps, `two` in the second. */
const halves = (one: unknown, two: unknown): unknown[] =>
  Array.from({ length: STEPS }, (_, step) => (step < STEPS / 2 ? one : two));

describe("a factor of the loss that doubles after half of the steps doubles in the very next step, when it is in", () => {
  const cases: Record<string, readonly [read: (model: Linear) => number, double: (model: Linear) => void]> = {
    "an ordinary property": [({ counter }) => counter, (model) => (model.counter = 2)],
    "a private field": [(model) => model.private, (model) => (model.private = 2)],
    "a Map": [({ map }) => map.get("factor") ?? NaN, ({ map }) => map.set("factor", 2)],
    "the size of a Set": [({ set }) => set.size, ({ set }) => set.add("two")],
    "a typed array": [({ typedArray: [, factor = NaN] }) => factor, ({ typedArray }) => typedArray.fill(2)],
    "a Date": [({ date }) => date.getTime(), ({ date }) => date.setTime(2)],
    "the default of a parameter": [(model) => model.byDefault(), (model) => (model.private = 2)],
    "a list of 500": [({ long }) => long[450] ?? NaN, ({ long }) => (long[450] = 2)],
    "a variable of JavaScript's": [() => atModuleLevel, () => (atModuleLevel = 2)],
    "trainer.globalStep": [
      ({ trainer }) => ((trainer?.globalStep ?? 0) < STEPS / 2 ? 1 : 2),
      () => undefined,
    ],
    "trainer.optimizers": [({ trainer }) => 0.5 / (trainer?.optimizers[0]?.lr ?? NaN), () => undefined],
    "trainer.lrSchedulers": [
      ({ trainer }) => 0.5 / (trainer?.lrSchedulers[0]?.optimizer.lr ?? NaN),
      () => undefined,
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [read, double]) => {
    const step: Linear["step"] = (model, __, loss) => {
      const factor = read(model);
      model.seen.push(factor);
      return tf.mul(loss, factor);
    };
    const [, { seen, replays }] = await both(() => new Linear(step), halfway(double));
    expect(seen).toEqual(halves(1, 2));
    expect(replays).toBeGreaterThan(0);
  });
});

describe("a side effect happens once per step, when the step", () => {
  test("counts its calls", async () => {
    const step: Linear["step"] = (model, _, loss) => {
      model.counter += 1;
      return loss;
    };
    const [, { model, replays }] = await both(() => new Linear(step));
    expect(model.counter).toBe(1 + STEPS);
    expect(replays).toBeGreaterThan(0);
  });

  test("waits with patience: a counter that its own branch resets", async () => {
    const step: Linear["step"] = (model, _, loss) => {
      model.counter = model.counter === 6 ? 0 : model.counter + 1;
      model.seen.push(model.counter);
      return model.counter === 0 ? tf.mul(loss, 3) : loss;
    };
    const [, { seen }] = await both(() => new Linear(step));
    expect(seen).toEqual(Array.from({ length: STEPS }, (_, call) => (call + 2) % 7));
  });

  test("prints, and draws at random", async () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const step: Linear["step"] = (model, _, loss) => {
      const drawn = Math.random();
      model.seen.push(drawn);
      // eslint-disable-next-line no-console -- the test is about printing
      console.log("a step");
      return tf.mul(loss, drawn);
    };
    try {
      const [, { seen }] = await both(() => new Linear(step));
      expect(new Set(seen).size).toBe(STEPS);
      expect(print).toHaveBeenCalledTimes(2 * STEPS);
    } finally {
      print.mockRestore();
    }
  });

  test("takes its batch's index from `arguments`", async () => {
    const make = () => {
      const model = new Linear((_, __, loss) => loss);
      const own = model.trainingStep.bind(model);
      return Object.assign(model, {
        trainingStep: function (): tf.Scalar {
          // eslint-disable-next-line prefer-rest-params -- `length` must be 0
          const [batch, batchIdx] = arguments as unknown as [Batch, number];
          model.seen.push(batchIdx);
          return tf.mul(own(batch), 1 + batchIdx);
        },
      });
    };
    const [, { seen }] = await both(make);
    expect(seen).toEqual(Array.from({ length: STEPS }, (_, call) => call % BATCHES));
  });

  test("logs a number that it counts", async () => {
    const step: Linear["step"] = (model, _, loss) => {
      model.log("calls", model.seen.push("a call"));
      return loss;
    };
    const logged: unknown[] = [];
    const watch: Callback = {
      onTrainBatchEnd: ({ callbackMetrics }) => void logged.push(callbackMetrics["calls"]),
    };
    const [, { replays }] = await both(
      () => new Linear(step),
      () => watch,
    );
    expect(replays).toBeGreaterThan(0);
    const counted = Array.from({ length: STEPS }, (_, call) => call + 1);
    expect(logged).toEqual([...counted, ...counted]);
  });

  test("scores held-out data", async () => {
    const make = () => {
      const model: Linear = new Linear();
      return Object.assign(model, {
        validationStep: (batch: Batch) => {
          model.counter += 1;
          return tf.mul(model.trainingStep(batch), model.counter);
        },
      });
    };
    const [, { model }] = await both(make, undefined, { isValidated: true, numSanityValSteps: 0 });
    expect(model.counter).toBe(1 + STEPS);
  });
});

describe("a step's operations are those of the current call, when", () => {
  test("the backward pass of a custom gradient changes its sign", async () => {
    const step: Linear["step"] = (model, _, loss) => {
      const turned = tf.customGrad((x) => ({
        value: tf.mul(x as tf.Tensor, 1),
        gradFunc: (dy: tf.Tensor) => {
          model.seen.push(model.counter);
          return tf.mul(dy, model.counter);
        },
      }));
      return turned(loss) as tf.Scalar;
    };
    const [, { seen }] = await both(
      () => new Linear(step),
      halfway((model) => (model.counter = -1)),
    );
    expect(seen).toEqual(halves(1, -1));
  });

  test("it keeps a tensor for the next step", async () => {
    const make = () => {
      let kept: tf.Scalar | null = null;
      return new Linear((model, _, loss) => {
        const before = kept;
        kept = model.seen.push(before === null) === STEPS ? null : tf.keep(tf.mul(loss, 0.5));
        const sum = before === null ? loss : tf.add<tf.Scalar>(loss, tf.mul(before, tf.sum(model.weights)));
        before?.dispose();
        return sum;
      });
    };
    const [, { seen }] = await both(make);
    expect(seen).toEqual([true, ...Array.from({ length: STEPS - 1 }, () => false)]);
  });

  test("a tensor from outside is replaced", async () => {
    const step: Linear["step"] = (model, _, loss) => tf.mul(loss, model.outside);
    const replace = halfway((model) => {
      model.outside.dispose();
      model.outside = tf.keep(tf.scalar(2));
    });
    const [, { losses }] = await both(() => new Linear(step), replace);
    const [, unchanged] = await both(() => new Linear(step));
    expect(losses.slice(0, STEPS / 2)).toEqual(unchanged.losses.slice(0, STEPS / 2));
    expect(losses[STEPS / 2]).toBeCloseTo(2 * (unchanged.losses[STEPS / 2] ?? NaN), 5);
  });

  test("a layer's rate changes", async () => {
    const step: Linear["step"] = (model, { xs }, loss) => {
      const dropped = model.dropout.apply(tf.onesLike(xs), { training: true }) as tf.Tensor;
      model.log("dropped", tf.max(dropped));
      return tf.mul(loss, tf.mean(dropped));
    };
    const seen: unknown[] = [];
    const watch: Callback<Linear> = {
      onTrainBatchEnd({ callbackMetrics, globalStep }, model) {
        seen.push(callbackMetrics["dropped"]);
        if (globalStep === STEPS / 2) Object.assign(model.dropout, { rate: 0.75 });
      },
    };
    await both(
      () => new Linear(step),
      () => watch,
    );
    // Dropout scales the remaining values by 1 / (1 - rate).
    expect(Math.max(...(seen.slice(0, STEPS / 2) as number[]))).toBeCloseTo(4 / 3, 5);
    expect(Math.max(...(seen.slice(STEPS / 2, STEPS) as number[]))).toBeCloseTo(4, 5);
  });

  test("the same operations run, and another of their results is the loss", async () => {
    const step: Linear["step"] = (model, _, loss) => {
      const [small, large] = [tf.mul<tf.Scalar>(loss, 0.5), tf.mul<tf.Scalar>(loss, 2)];
      model.seen.push(model.counter);
      return model.counter === 1 ? small : large;
    };
    const [, { seen }] = await both(
      () => new Linear(step),
      halfway((model) => (model.counter = 2)),
    );
    expect(seen).toEqual(halves(1, 2));
  });

  test("it throws in the middle", async () => {
    const step: Linear["step"] = (model, _, loss) => {
      model.counter += 1;
      if (model.counter > 25) throw new Error("enough");
      return loss;
    };
    const [, { failure, losses, model }] = await both(() => new Linear(step));
    expect(failure).toBe("Error: enough");
    expect(losses).toHaveLength(24);
    expect(model.counter).toBe(26);
  });
});

test("steps that only compute are replayed, although their JavaScript runs", async () => {
  const [, { seen, replays }] = await both(
    () => new Linear((model, _, loss) => (model.seen.push("a call"), loss)),
  );
  expect(seen).toHaveLength(STEPS);
  expect(replays).toBeGreaterThan(STEPS / 2);
});
