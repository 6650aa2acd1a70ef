import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  cosineAnnealingLr,
  oneCycleLr,
  Trainer as CoreTrainer,
  type Batch,
  type DataSource,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder, type FindLrOptions } from "@fulmine/lr-finder";
import {
  makeLoader,
  makePoints,
  makeTiny,
  TinyModule,
  weightsOf,
} from "../../packages/core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);

/** A module with everything that a careless search disturbs: BatchNorm, dropout, a lasting Adam, a schedule, a counter. */
class Delicate extends TinyModule {
  readonly optimizer: Optimizer = adam({ lr: 1e-2 });
  seen = 0;
  readonly losses: number[] = [];
  onStep: (step: number) => void = () => undefined;

  override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
    this.seen += 1;
    this.losses.push(batchIdx);
    this.onStep(this.seen);
    return super.trainingStep(batch, batchIdx);
  }

  override configureOptimizers(): OptimizerConfig {
    return { optimizer: this.optimizer, schedule: cosineAnnealingLr({ period: 40 }), interval: "step" };
  }
}

interface Scenario {
  readonly options?: FindLrOptions;
  /** Makes a search end in its own way; what it returns undoes it. */
  readonly arrange?: (model: Delicate, abort: () => void) => () => void;
  /** Data for the search, where it is not the fit's. */
  readonly data?: () => DataSource<Batch>;
  /** How the search ends; it succeeds when left out. */
  readonly error?: string;
}

/** Throws at a step counted over the whole search; the module's own count is rewound by each trial. */
function throwAtCall(model: Delicate, call: number): () => void {
  let calls = 0;
  model.onStep = () => {
    calls += 1;
    if (calls === call) throw new Error(`step ${call} failed`);
  };
  return () => (model.onStep = () => undefined);
}

const scenarios: Record<string, Scenario> = {
  "that finished": { options: { earlyStopThreshold: null, maxLr: 1e-1 } },
  "that diverged": { options: { maxLr: 1e6 } },
  "that met NaN": { options: { maxLr: 1e30, earlyStopThreshold: null } },
  "that threw at step 30": {
    arrange: (model) => throwAtCall(model, 30),
    error: "step 30 failed",
  },
  "that threw in one of its trials": {
    options: { numTraining: 20, refine: 60 },
    arrange: (model) => throwAtCall(model, 50),
    error: "step 50 failed",
  },
  "with trials": { options: { refine: 60, val: false } },
  "with trials scored by held-out data": { options: { refine: 60 } },
  "that scored held-out data": { options: { val: 7, numTraining: 30 } },
  "with repeated sweeps": { options: { repeats: 3, numTraining: 15 } },
  "that threw in its second sweep": {
    options: { repeats: 2, numTraining: 15 },
    arrange: (model) => throwAtCall(model, 20),
    error: "step 20 failed",
  },
  "that was aborted": {
    arrange(model, abort) {
      const start = model.seen;
      model.onStep = (step) => void (step === start + 10 && abort());
      return () => (model.onStep = () => undefined);
    },
    error: "The search was stopped before it ended; everything is as it was.",
  },
  "that met empty data": { data: () => [], error: "`train` gave no batch." },
  "that met failing data": {
    data: () =>
      (function* () {
        const [first] = [...makePoints(16).ys];
        yield { xs: tf.ones([16, 4]), ys: tf.fill([16], first ?? 0, "int32") };
        throw new Error("disk gone");
      })(),
    error: "disk gone",
  },
};

/** Trains for two epochs, and two more on the same optimizer, with a search before either when there is a scenario. */
async function train(scenario: Scenario | null, makeData: () => DataSource<Batch>): Promise<unknown> {
  const model = makeTiny(Delicate);
  const trainer = new Trainer({ enableProgressBar: false, seed: 1, maxEpochs: 2 });
  const data = { train: makeData(), val: makeLoader({ size: 32 }) };
  const search = async (): Promise<void> => {
    if (scenario === null) return;
    const controller = new AbortController();
    const tensors = tf.memory().numTensors;
    const undo = scenario.arrange?.(model, () => controller.abort());
    const found = trainer.findLr(
      model,
      scenario.data === undefined ? data : { ...data, train: scenario.data() },
      {
        minLr: 1e-5,
        signal: controller.signal,
        ...scenario.options,
      },
    );
    if (scenario.error === undefined) await found;
    else await expect(found).rejects.toThrow(scenario.error);
    undo?.();
    // A generator that failed keeps what it made itself.
    expect(tf.memory().numTensors).toBe(tensors + (scenario.error === "disk gone" ? 2 : 0));
  };
  await search();
  await trainer.fit(model, data);
  const between = weightsOf(model);
  await search();
  const { metrics } = await trainer.fit(model, data);
  const slots = model.optimizer.snapshot().states.map(({ step, slots: named }) => ({
    step,
    values: Object.values(named).map((slot) => [...slot.dataSync()]),
  }));
  const { seen, losses, hparams } = model;
  return {
    between,
    weights: weightsOf(model),
    metrics,
    slots,
    rates: model.optimizer.lr,
    seen,
    losses,
    hparams,
  };
}

const shuffled = (): DataSource<Batch> => makeLoader();
const seededLoader = (): DataSource<Batch> => makeLoader({ seed: 3 });
const dataset = (): DataSource<Batch> => {
  const { xs, ys } = makePoints();
  const rows = Array.from({ length: 96 }, (_, row) => ({
    xs: xs.values.slice(row * 4, row * 4 + 4),
    ys: ys[row] ?? 0,
  }));
  return tf.data
    .array(rows as never[])
    .shuffle(96, "seed")
    .batch(16);
};

describe.each([
  ["a shuffling loader", shuffled],
  ["a loader with a generator of its own", seededLoader],
  ["a shuffled tf.data.Dataset", dataset],
])("fit on %s gives the same bits after a search", (_, makeData) => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    test(name, async () => {
      expect(await train(scenario, makeData)).toEqual(await train(null, makeData));
    });
  }
});

test("a search in the middle of training changes nothing", async () => {
  const run = async (isSearching: boolean): Promise<unknown> => {
    const model = makeTiny(Delicate);
    const trainer = new Trainer({
      enableProgressBar: false,
      seed: 1,
      maxEpochs: 3,
      callbacks: [
        {
          async onTrainBatchEnd() {
            if (isSearching && trainer.globalStep === 8)
              await trainer.findLr(model, undefined, { minLr: 1e-5, maxLr: 1e3 });
          },
        },
      ],
    });
    const { metrics, steps } = await trainer.fit(model, { train: makeLoader(), val: makeLoader() });
    return { weights: weightsOf(model), metrics, steps, lr: trainer.optimizers[0]?.lr };
  };
  expect(await run(true)).toEqual(await run(false));
});

test("callbacks, loggers and observers hear nothing of a search", async () => {
  const heard: string[] = [];
  const spy = new Proxy(
    {},
    { get: (_, name) => (name === "then" ? undefined : () => void heard.push(String(name))) },
  );
  const trainer = new Trainer({
    enableProgressBar: false,
    callbacks: [spy],
    logger: {
      logMetrics: () => void heard.push("metrics"),
      logHyperparams: () => void heard.push("hparams"),
    },
  });
  trainer.events.on("onTrainBatchEnd", () => heard.push("event"));
  await trainer.findLr(makeTiny(TinyModule), { train: makeLoader() });
  expect(heard).toEqual([]);
  expect([trainer.globalStep, trainer.currentEpoch, trainer.callbackMetrics]).toEqual([0, 0, {}]);
});

test("a search does not begin the schedule of an optimizer that lasts", async () => {
  class Cycling extends TinyModule {
    readonly optimizer: Optimizer = adam({ lr: 1e-2 });
    override configureOptimizers(): OptimizerConfig {
      return {
        optimizer: this.optimizer,
        schedule: oneCycleLr({ maxLr: 0.1, totalSteps: 50 }),
        interval: "step",
      };
    }
  }
  const model = makeTiny(Cycling);
  const before = structuredClone(model.optimizer.paramGroups.map(({ lr, options }) => ({ lr, options })));
  await new Trainer({ enableProgressBar: false }).findLr(model, { train: makeLoader() });
  expect(model.optimizer.paramGroups.map(({ lr, options }) => ({ lr, options }))).toEqual(before);
});

test("a Trainer that searches can neither fit nor search again meanwhile, and can afterwards", async () => {
  const model = makeTiny(TinyModule);
  const trainer = new Trainer({ enableProgressBar: false, maxSteps: 2 });
  const data = { train: makeLoader() };
  const search = trainer.findLr(model, data);
  await expect(trainer.fit(model, data)).rejects.toThrow("`fit` can't begin while its `findLr` goes on.");
  await expect(trainer.findLr(model, data)).rejects.toThrow(
    "`findLr` can't begin while its `findLr` goes on.",
  );
  await search;
  expect((await trainer.fit(model, data)).steps).toBe(2);
});
