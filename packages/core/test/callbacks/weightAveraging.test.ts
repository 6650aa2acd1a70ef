import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  findVariables,
  Trainer,
  WeightAveraging,
  type Callback,
  type Checkpoint,
  type WeightAveragingOptions,
} from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 3 } as const;

/** The module's weights after each step, or epoch, and at the end. */
async function recorded(
  given: WeightAveragingOptions,
  hook: "onTrainBatchEnd" | "onTrainEpochEnd" = "onTrainBatchEnd",
): Promise<{ weights: number[][][]; final: number[][] }> {
  const weights: number[][][] = [];
  const recorder: Callback = {
    [hook]: (_: Trainer, module: TinyModule) => void weights.push(weightsOf(module)),
  };
  const trainer = new Trainer({ ...quiet, callbacks: [recorder, new WeightAveraging(given)] });
  const model = makeTiny(TinyModule);
  await trainer.fit(model, sixAndThree());
  trainer.dispose();
  return { weights, final: weightsOf(model) };
}

/** Averages lists of weights in float64, as `next` says. */
function averaged(
  weights: readonly number[][][],
  next: (average: number, value: number, index: number) => number,
) {
  return weights.reduce((average, values, index) =>
    average.map((row, at) => row.map((value, place) => next(value, values[at]?.[place] ?? NaN, index))),
  );
}

const closeTo = (rows: readonly number[][]): number[][] =>
  rows.map((row) => row.map((value) => expect.closeTo(value, 5) as number));

describe("weight averaging leaves in the module", () => {
  test("the exponential moving average of its weights", async () => {
    const { weights, final } = await recorded({ decay: 0.9 });
    expect(weights).toHaveLength(18);
    expect(final).toEqual(closeTo(averaged(weights, (average, value) => 0.9 * average + 0.1 * value)));
  });

  test("the plain mean of the epochs' weights with swa", async () => {
    const { weights, final } = await recorded({ decay: "swa" }, "onTrainEpochEnd");
    expect(final).toEqual(
      closeTo(averaged(weights, (average, value, n) => average + (value - average) / (n + 1))),
    );
  });

  test("the average from a step on, and of every second step only", async () => {
    const { weights, final } = await recorded({ decay: 0.5, startingAtStep: 7, frequency: 2 });
    const taken = weights.filter((_, index) => index + 1 >= 7 && (index + 1) % 2 === 0);
    expect(final).toEqual(closeTo(averaged(taken, (average, value) => (average + value) / 2)));
  });

  test("its own weights when averaging never began", async () => {
    const { weights, final } = await recorded({ startingAtEpoch: 9 });
    expect(final).toEqual(weights.at(-1));
  });

  test("what is not trained as it is, without useBuffers", async () => {
    const { weights, final } = await recorded({ decay: 0.9, useBuffers: false });
    const [gamma, mean] = [2, 6];
    expect(final[mean]).toEqual(weights.at(-1)?.[mean]);
    expect(final[gamma]).not.toEqual(weights.at(-1)?.[gamma]);
  });
});

test("validation sees the average, training its own weights", async () => {
  const seen: Record<string, number[][][]> = { before: [], within: [], after: [] };
  const record = (when: string) => (_: Trainer, module: TinyModule) =>
    void seen[when]?.push(weightsOf(module));
  const callbacks = [
    new WeightAveraging({ decay: 0.9 }),
    {
      onTrainBatchEnd: record("before"),
      onValidationBatchStart: record("within"),
      onTrainEpochEnd: record("after"),
    } as Callback,
  ];
  const model = makeTiny(TinyModule);
  await new Trainer({ ...quiet, maxEpochs: 2, numSanityValSteps: 0, callbacks }).fit(model, sixAndThree());
  expect(seen["after"]).toEqual([seen["before"]?.[5], seen["before"]?.[11]]);
  expect(seen["within"]?.[0]).not.toEqual(seen["before"]?.[5]);
  expect(seen["within"]?.[5]).toEqual(weightsOf(model));
});

test("averaging does not change how a module is trained", async () => {
  const losses: number[][] = [];
  for (const own of [[], [new WeightAveraging({ decay: 0.9 })]]) {
    const heard: number[] = [];
    const record: Callback = { onTrainBatchEnd: (_trainer, _module, { loss }) => void heard.push(loss) };
    await new Trainer({ ...quiet, callbacks: [...own, record] }).fit(makeTiny(TinyModule), sixAndThree());
    losses.push(heard);
  }
  expect(losses[0]).toEqual(losses[1]);
});

describe("averaging goes on from a checkpoint bit for bit", () => {
  test.each(["onTrainBatchEnd", "onValidationBatchEnd", "onValidationEpochEnd", "onTrainEpochEnd"] as const)(
    "made in %s",
    async (hook) => {
      const saved: Checkpoint[] = [];
      const save = async (trainer: Trainer): Promise<void> => void saved.push(await trainer.checkpoint());
      const isEndless = hook === "onValidationBatchEnd";
      const make = (): WeightAveraging => new WeightAveraging({ decay: 0.9 });
      const whole = makeTiny(TinyModule);
      const callbacks = [make(), { [hook]: save }];
      await new Trainer({ ...quiet, numSanityValSteps: 0, callbacks }).fit(whole, sixAndThree());
      // What is scored half is not scored again, but nothing else depends on that.
      const checkpoint = saved[isEndless ? 2 : 1];
      if (checkpoint === undefined) throw new Error("nothing was saved");
      const resumed = makeTiny(TinyModule);
      await new Trainer({ ...quiet, callbacks: [make()] }).fit(resumed, sixAndThree(), { checkpoint });
      expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    },
  );

  test("made after training, when the average stands in for the weights", async () => {
    let checkpoint: Checkpoint | null = null;
    const save: Callback = { onTrainEnd: async (trainer) => void (checkpoint = await trainer.checkpoint()) };
    const make = (): WeightAveraging => new WeightAveraging({ decay: 0.9 });
    const fit = async (
      maxEpochs: number,
      from: Checkpoint | null,
      callbacks: Callback[],
    ): Promise<number[][]> => {
      const model = makeTiny(TinyModule);
      const trainer = new Trainer({ ...quiet, maxEpochs, callbacks: [make(), ...callbacks] });
      await trainer.fit(model, sixAndThree(), from === null ? {} : { checkpoint: from });
      return weightsOf(model);
    };
    await fit(2, null, [save]);
    expect(await fit(3, checkpoint, [])).toEqual(await fit(3, null, []));
  });

  test("or not at all when it is of another module", async () => {
    let checkpoint: Checkpoint | undefined;
    const save: Callback = { onTrainEnd: async (trainer) => void (checkpoint = await trainer.checkpoint()) };
    const fit = (own: WeightAveragingOptions, from: { checkpoint?: Checkpoint }): Promise<unknown> =>
      new Trainer({ ...quiet, callbacks: [new WeightAveraging(own), save] }).fit(
        makeTiny(TinyModule),
        sixAndThree(),
        from,
      );
    await fit({}, {});
    if (checkpoint === undefined) throw new Error("nothing was saved");
    await expect(fit({ useBuffers: false }, { checkpoint })).rejects.toThrow("belong to another module");
  });
});

test("averaging leaks nothing, and a run that fails leaves the module's own weights", async () => {
  const model = makeTiny(TinyModule);
  const counts = new Set<number>();
  let own: number[][] = [];
  const callback: Callback = {
    onTrainBatchEnd(trainer, module) {
      if (trainer.globalStep > 1) counts.add(tf.memory().numTensors);
      own = weightsOf(module as TinyModule);
    },
    onValidationBatchEnd(trainer) {
      if (trainer.currentEpoch === 2) throw new Error("broken validation");
    },
  };
  const before = tf.memory().numTensors;
  const trainer = new Trainer({ ...quiet, callbacks: [new WeightAveraging(), callback] });
  await expect(trainer.fit(model, sixAndThree())).rejects.toThrow("broken validation");
  expect(weightsOf(model)).toEqual(own);
  expect(counts.size).toBe(1);
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  await new Trainer({ ...quiet, maxEpochs: 1, callbacks: [new WeightAveraging()] }).fit(model, sixAndThree());
  expect(findVariables(model).all.every((variable) => !variable.isDisposed)).toBe(true);
});

test("wrong settings are errors that name them", () => {
  expect(() => new WeightAveraging({ decay: 1 })).toThrow("`decay` of `WeightAveraging` must be");
  expect(() => new WeightAveraging({ frequency: 0 })).toThrow("`frequency` of `WeightAveraging` must be");
});
