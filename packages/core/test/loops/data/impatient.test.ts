import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { SampleLoader, Trainer, type Batch, type TrainerOptions } from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule } from "../../support/tinyModule.js";

const never = new Promise<never>(() => undefined);

/** Gives some batches, and then waits for one that never comes. */
function stuckAfter(batches: number): AsyncIterable<Batch> & { readonly asked: Promise<void> } {
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const given = tf.tidy(() => ({ xs: tf.keep(tf.ones([2, 4])), ys: tf.keep(tf.zeros([2])) }));
  let left = batches;
  const next = async (): Promise<IteratorResult<Batch>> => {
    if (left-- > 0) return { value: given, done: false };
    tf.dispose([given.xs, given.ys]);
    ask();
    return never;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: () => never }), asked };
}

const trainerWith = (options: TrainerOptions = {}): Trainer =>
  new Trainer({
    enableProgressBar: false,
    enableModelSummary: false,
    numSanityValSteps: 0,
    maxEpochs: 5,
    ...options,
  });

describe("a loader whose next batch never comes", () => {
  test.each([0, 3])("ends with the fit when that is aborted, after %i batches", async (batches) => {
    const stop = new AbortController();
    const train = stuckAfter(batches);
    const fit = trainerWith({ signal: stop.signal }).fit(makeTiny(TinyModule), { train });
    await train.asked;
    stop.abort();
    await expect(fit).resolves.toMatchObject({ status: "interrupted", steps: batches, epochs: 0 });
  });

  test("ends with the fit when the Trainer is asked to stop", async () => {
    const train = stuckAfter(2);
    const trainer = trainerWith();
    const fit = trainer.fit(makeTiny(TinyModule), { train });
    await train.asked;
    trainer.stop();
    await expect(fit).resolves.toMatchObject({ status: "stopped", steps: 2 });
  });

  test("is waited for when the Trainer is asked to stop before `minEpochs`", async () => {
    const stop = new AbortController();
    const train = stuckAfter(2);
    const trainer = trainerWith({ minEpochs: 2, signal: stop.signal });
    const fit = trainer.fit(makeTiny(TinyModule), { train });
    await train.asked;
    trainer.stop();
    const first = Promise.race([fit, new Promise((resolve) => setTimeout(() => resolve("waiting"), 20))]);
    await expect(first).resolves.toBe("waiting");
    stop.abort();
    await expect(fit).resolves.toMatchObject({ status: "interrupted" });
  });

  test.each(["fit", "validate", "predict", "findLr"] as const)(
    "ends with %s on held-out data or in a search",
    async (run) => {
      const stop = new AbortController();
      const stuck = stuckAfter(1);
      const trainer = trainerWith({ signal: stop.signal });
      class Predicting extends TinyModule {
        override predictStep({ xs }: Batch): tf.Tensor {
          return this.net.apply(xs) as tf.Tensor;
        }
      }
      const model = makeTiny(Predicting);
      const runs = {
        fit: () => trainer.fit(model, { train: makeLoader(), val: stuck }),
        validate: () => trainer.validate(model, stuck),
        predict: () => trainer.predict(model, stuck),
        findLr: () =>
          trainer.isolated(model, { train: stuck }, async (trial) => {
            for (let step = 0; step < 5; step++) await trial.step();
          }),
      };
      const ended = runs[run]().then(
        (result) => (run === "predict" ? (tf.dispose(result as tf.Tensor[]), "ended") : "ended"),
        (error: unknown) => (error as { readonly code: string }).code,
      );
      await stuck.asked;
      stop.abort();
      await expect(ended).resolves.toBe(run === "findLr" ? "ABORTED" : "ended");
    },
  );

  test("does not keep a fit that has all the batches it needs", async () => {
    const get = (index: number): number | Promise<number> => (index < 4 ? index : never);
    const collate = (rows: readonly number[]): Batch => ({
      xs: tf.ones([rows.length, 4]),
      ys: tf.zeros([rows.length]),
    });
    const train = new SampleLoader({ length: 8, get }, { batchSize: 2, prefetch: 2, collate });
    const fit = trainerWith({ maxSteps: 2 }).fit(makeTiny(TinyModule), { train });
    await expect(fit).resolves.toMatchObject({ status: "finished", steps: 2 });
  });

  test("gives its batch to the next run of a search in order, when it comes late", async () => {
    const stop = new AbortController();
    const gates: (() => void)[] = [];
    async function* slow(): AsyncGenerator<number> {
      for (let index = 0; index < 4; index++) {
        await new Promise<void>((resolve) => gates.push(resolve));
        yield index;
      }
    }
    const { toBatchSource } = await import("../../../src/data/sources/toBatchSource.js");
    const { impatient } = await import("../../../src/loops/data/impatient.js");
    const { TrainerState } = await import("../../../src/run/trainerState.js");
    const { RandomState } = await import("../../../src/random/randomState.js");
    const random = new RandomState(1);
    const state = new TrainerState(random);
    const source = await toBatchSource(slow(), "train");
    const end = source.isolate();
    const peek = impatient(source.open(random), { signal: stop.signal, state }, () => stop.signal.aborted);
    const waiting = peek.next();
    stop.abort();
    await expect(waiting).resolves.toBeUndefined();
    await peek.close();
    end();
    const reader = source.open(random);
    const read = (async () => [(await reader.next())?.value, (await reader.next())?.value])();
    const open = setInterval(() => gates.shift()?.(), 1);
    await expect(read).resolves.toEqual([0, 1]);
    clearInterval(open);
  });
});
