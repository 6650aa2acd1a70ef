import { expect, test } from "vitest";
import {
  adam,
  chainedLr,
  FulmineError,
  sequentialLr,
  sgd,
  constantLr,
  Trainer,
  warmupLr,
  warmupStableDecayLr,
  type Batch,
  type Callback,
  type FitData,
  type OptimizerConfig,
  type ScheduleRule,
  type TrainerOptions,
} from "@fulmine/core";
import { LrScheduler } from "../../src/schedules/lrScheduler.js";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

/** The rates of a schedule over a run of so many steps, as parts of the base rate. */
function ratesOf(rule: ScheduleRule, steps: number): number[] {
  const optimizer = sgd({ lr: 0.5 });
  const scheduler = new LrScheduler(optimizer, rule, { interval: "step" }, { step: steps, epoch: undefined });
  const rates = [optimizer.lr];
  for (let step = 1; step <= steps; step++) {
    scheduler.step();
    rates.push(optimizer.lr);
  }
  return rates.map((rate) => rate / 0.5);
}

const near = (values: readonly number[]): unknown[] =>
  values.map((value) => expect.closeTo(value, 12) as unknown);

test("rises in a line, stays, and falls in a line to zero over the last part", () => {
  const rates = ratesOf(warmupStableDecayLr({ warmupFraction: 0.2, startFactor: 0.5 }), 10);
  expect(rates).toEqual(near([0.5, 0.75, 1, 1, 1, 1, 1, 1, 2 / 3, 1 / 3, 0]));
});

test("takes steps for the warm-up, a last factor and other shapes", () => {
  const options = { warmupSteps: 1, startFactor: 0.1, decayFraction: 0.4, finalFactor: 0.2 };
  const falls = (decayShape: "linear" | "cosine" | "sqrt"): number[] =>
    ratesOf(warmupStableDecayLr({ ...options, decayShape }), 10).slice(6);
  expect(ratesOf(warmupStableDecayLr(options), 10).slice(0, 7)).toEqual(near([0.1, 1, 1, 1, 1, 1, 1]));
  expect(falls("linear")).toEqual(near([1, 0.8, 0.6, 0.4, 0.2]));
  expect(falls("cosine")).toEqual(near([1, 0.6 + 0.4 * Math.SQRT1_2, 0.6, 0.6 - 0.4 * Math.SQRT1_2, 0.2]));
  expect(falls("sqrt")).toEqual(near([1, 0.6, 1 - 0.8 * Math.SQRT1_2, 1 - 0.8 * Math.sqrt(0.75), 0.2]));
});

test("fits fractions that sum to 1 into an odd number of steps", () => {
  const rates = ratesOf(
    warmupStableDecayLr({ warmupFraction: 0.5, decayFraction: 0.5, startFactor: 0.5 }),
    3,
  );
  expect(rates).toEqual(near([0.5, 0.75, 1, 0]));
});

test("keeps its last rate after its own number of steps", () => {
  const rule = warmupStableDecayLr({ totalSteps: 4, warmupSteps: 0, decayFraction: 0.5, finalFactor: 0.1 });
  expect(ratesOf(rule, 6)).toEqual(near([1, 1, 1, 0.55, 0.1, 0.1, 0.1]));
});

test("ends with the run after another schedule, and in a chain", () => {
  const decay = warmupStableDecayLr({ warmupSteps: 0, decayFraction: 0.5 });
  expect(ratesOf(sequentialLr({ schedules: [constantLr(), decay], milestones: [6] }), 10).slice(6)).toEqual(
    near([1, 1, 1, 0.5, 0]),
  );
  expect(ratesOf(warmupLr({ totalSteps: 6, then: decay }), 10).slice(6)).toEqual(near([1, 1, 1, 0.5, 0]));
  expect(ratesOf(chainedLr([decay]), 4)).toEqual(near([1, 1, 1, 0.5, 0]));
});

/** Trains with the schedule and returns the rate of each step or epoch. */
async function trainedRates(
  options: TrainerOptions,
  interval: "step" | "epoch",
  data: FitData<Batch> = { train: makeLoader() },
): Promise<number[]> {
  class Scheduled extends TinyModule {
    override configureOptimizers(): OptimizerConfig {
      const schedule = warmupStableDecayLr({ warmupSteps: 0, decayFraction: 0.5 });
      return { optimizer: adam({ lr: 1 }), schedule, interval };
    }
  }
  const rates: number[] = [];
  const keep = (trainer: { readonly optimizers: readonly { lr: number }[] }): void => {
    rates.push(trainer.optimizers[0]?.lr ?? NaN);
  };
  const observer: Callback = interval === "step" ? { onTrainBatchStart: keep } : { onTrainEpochStart: keep };
  const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 };
  const trainer = new Trainer({ ...quiet, callbacks: [observer], ...options });
  try {
    await trainer.fit(makeTiny(Scheduled), data);
  } finally {
    trainer.dispose();
  }
  return rates;
}

test("ends with the fit, whether that is limited by steps or by epochs", async () => {
  expect(await trainedRates({ maxSteps: 4 }, "step")).toEqual(near([1, 1, 1, 0.5]));
  const perEpoch = (await trainedRates({ maxEpochs: 1 }, "step")).length;
  const rates = await trainedRates({ maxEpochs: 2 }, "step");
  expect(rates).toHaveLength(2 * perEpoch);
  expect(rates.at(-1)).toBeCloseTo(1 / perEpoch, 12);
  expect(await trainedRates({ maxEpochs: 4 }, "epoch")).toEqual(near([1, 1, 1, 0.5]));
});

test("refuses a fit of unknown length before the first step", async () => {
  const train = makeLoader() as AsyncIterable<Batch>;
  const unsized = { train: { [Symbol.asyncIterator]: () => train[Symbol.asyncIterator]() } };
  await expect(trainedRates({ maxEpochs: 2 }, "step", unsized)).rejects.toThrow(
    "`warmup-stable-decay` must know how many steps the run has, and the Trainer can't tell.",
  );
  expect(await trainedRates({ maxSteps: 2 }, "step", unsized)).toEqual(near([1, 1]));
});

test("refuses a warm-up and a decay that are longer than the run", () => {
  const rule = warmupStableDecayLr({ warmupSteps: 8 });
  expect(() => ratesOf(rule, 10)).toThrow(FulmineError);
  expect(() => ratesOf(rule, 10)).toThrow("must fit in its 10 steps");
  expect(() => warmupStableDecayLr({ decayFraction: 1.1 })).toThrow(
    "`decayFraction` of `warmupStableDecayLr`",
  );
});
