import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  Trainer,
  type Batch,
  type Callback,
  type Checkpoint,
  type DataSource,
  type TrainerOptions,
  type TrainerView,
} from "@fulmine/core";
import { runInTwo, runThrough, type Point, type Setup } from "../support/resumable.js";
import {
  makeLoader,
  makePoints,
  makeTiny,
  TinyModule,
  weightsOf,
  makeFitData,
} from "../support/tinyModule.js";

/** 3 epochs of 6 batches with 3 held-out ones, which are shuffled, too. */
const val = (): DataSource<Batch> => makeLoader({ size: 48 });
const setups: Record<string, Setup> = {
  "a shuffling loader": {
    options: { maxEpochs: 3 },
    data: () => ({ train: makeLoader(), val: val() }),
  },
  "a loader with a seed of its own": {
    options: { maxEpochs: 3 },
    data: () => ({ train: makeLoader({ seed: 3 }), val: val() }),
  },
  "accumulated gradients and validation within the epoch": {
    options: { maxEpochs: 3, accumulateGradBatches: 2, valCheckInterval: 4, gradientClipVal: 0.1 },
    data: () => ({ train: makeLoader(), val: val() }),
  },
  "gathering that changes by the epoch": {
    options: { maxEpochs: 3, accumulateGradBatches: { 0: 1, 1: 2 } },
    data: () => ({ train: makeLoader(), val: val() }),
  },
  "a part of the data": {
    options: { maxEpochs: 3, limitTrainBatches: 4, limitValBatches: 2, checkValEveryNEpoch: 2 },
    data: () => ({ train: makeLoader(), val: val() }),
  },
  "the same few batches": {
    options: { maxEpochs: 3, overfitBatches: 4, valCheckInterval: 2 },
    data: () => ({ train: makeLoader(), val: val() }),
  },
  "a generator that begins anew": {
    options: { maxEpochs: 3 },
    data: () => ({
      train: { [Symbol.asyncIterator]: () => freed(makeLoader({ shuffle: false })) },
      val: val(),
    }),
  },
  "a tf.data.Dataset in order": {
    options: { maxEpochs: 3, accumulateGradBatches: 2 },
    data: () => ({ train: dataset(), val: val() }),
  },
};

/** The batches of a loader, each freed when the next is asked for. */
async function* freed(loader: AsyncIterable<Batch>): AsyncGenerator<Batch, void, undefined> {
  for await (const batch of loader) {
    yield batch;
    tf.dispose([batch.xs, batch.ys]);
  }
}

function dataset(): DataSource<Batch> {
  const { xs, ys } = makePoints();
  const rows = Array.from({ length: 96 }, (_, row) => ({
    xs: xs.values.slice(row * 4, row * 4 + 4),
    ys: ys[row] ?? 0,
  }));
  return tf.data.array(rows as never[]).batch(16);
}

const points: Point[] = [
  { hook: "onTrainStart", nth: 1 },
  { hook: "onTrainEpochStart", nth: 2 },
  { hook: "onTrainBatchEnd", nth: 2 },
  { hook: "onTrainBatchEnd", nth: 4 },
  { hook: "onTrainBatchEnd", nth: 8 },
  { hook: "onTrainBatchEnd", nth: 12 },
  { hook: "onTrainBatchStart", nth: 5 },
  { hook: "onTrainEpochEnd", nth: 1 },
  { hook: "onTrainEpochEnd", nth: 2 },
  { hook: "onTrainEpochEnd", nth: 3 },
];
// The sanity check's validation is the first.
const validationPoints: Point[] = [
  { hook: "onValidationStart", nth: 2 },
  { hook: "onValidationEnd", nth: 2 },
  { hook: "onValidationEnd", nth: 3 },
];

describe.each(Object.entries(setups))("with %s, a run goes on as if it had never stopped", (name, setup) => {
  let through: ReturnType<typeof runThrough> | undefined;
  const hasThreeValidations = name !== "a part of the data";
  test.each([...points, ...(hasThreeValidations ? validationPoints : [])])("at $hook $nth", async (point) => {
    // Begun within a test, and once: where the backend can't be had, nothing runs on after the file has ended.
    through ??= runThrough(setup);
    expect(await runInTwo(setup, point)).toEqual(await through);
  });
});

describe("an epoch that is cut short goes on where it was cut", () => {
  const quiet = { enableProgressBar: false, seed: 1 } as const;
  const atStep8 = (act: (trainer: TrainerView) => void): Callback => ({
    onTrainBatchEnd: (trainer) => void (trainer.globalStep === 8 && act(trainer)),
  });
  const abortingAt8 = (): TrainerOptions => {
    const controller = new AbortController();
    return { callbacks: [atStep8(() => controller.abort())], signal: controller.signal };
  };
  const cuts: [string, () => TrainerOptions][] = [
    ["maxSteps", () => ({ maxSteps: 8 })],
    ["trainer.stop()", () => ({ callbacks: [atStep8((trainer) => trainer.stop())] })],
    ["an abort", abortingAt8],
  ];
  describe.each(cuts)("by %s", (_, makeOptions) => {
    test.each(["onTrainEpochEnd", "onTrainEnd", "onFitEnd"] as const)(
      "from a checkpoint at %s",
      async (hook) => {
        const [options, saved]: [TrainerOptions, Checkpoint[]] = [makeOptions(), []];
        const save = async (trainer: TrainerView): Promise<void> =>
          void saved.push(await trainer.checkpoint());
        const callbacks = [...(options.callbacks ?? []), { [hook]: save }];
        const first = new Trainer({ ...quiet, maxEpochs: 3, ...options, callbacks });
        const cut = await first.fit(makeTiny(TinyModule), makeFitData());
        expect(cut).toMatchObject({ steps: 8, epochs: 1 });
        const checkpoint = saved.at(-1);
        if (checkpoint === undefined) throw new Error("no checkpoint");
        const model = makeTiny(TinyModule, 9);
        const result = await new Trainer({ ...quiet, seed: 2, maxEpochs: 3 }).fit(model, makeFitData(), {
          checkpoint,
        });
        expect(result).toMatchObject({ status: "finished", epochs: 3, steps: 18 });

        const whole = makeTiny(TinyModule);
        const { metrics } = await new Trainer({ ...quiet, maxEpochs: 3 }).fit(whole, makeFitData());
        expect(weightsOf(model)).toEqual(weightsOf(whole));
        expect(result.metrics).toEqual(metrics);
      },
    );
  });
});
