import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect } from "vitest";
import { FulmineError, Trainer } from "@fulmine/core";
import { withLrFinder, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";
import { smallLoader, SmallModule } from "./support/smallModule.js";

const flags = [() => true, () => false];

const valid: Valid = {
  minLr: [() => 1e-4, () => 1e-320],
  maxLr: [() => 1, () => 10],
  numTraining: [() => 2, () => 5],
  mode: [() => "exponential"],
  earlyStopThreshold: [() => 4, () => null],
  beta: [() => 0, () => 0.9],
  val: [() => false, () => true, () => 2],
  repeats: [() => 1, () => 2],
  optimizer: [() => 0],
  rule: [() => "valley", () => ["auto", "minimum"]],
  seed: [() => 1],
  signal: [() => new AbortController().signal],
  progress: flags,
};

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 } as const;
const data = { train: smallLoader(), val: smallLoader() };
const bounds = { minLr: 1e-4, maxLr: 1, numTraining: 4 };

/** Searches, and sees that nothing has changed, however it ended. */
async function search(options: unknown, given: unknown = data): Promise<LrFinder> {
  const module = new SmallModule();
  const trainer = new (withLrFinder(Trainer))(quiet);
  try {
    return await trainer.findLr(module, given as typeof data, options as FindLrOptions);
  } finally {
    expect([...module.weight.dataSync()]).toEqual([0, 0]);
    expect(module.hparams).toEqual({ lr: 0.1 });
    trainer.dispose();
    module.weight.dispose();
  }
}

property(
  "a search takes any options, or refuses them, and changes nothing",
  170,
  hostileOptions(valid, ["numTraining"]),
  async ({ make }) => {
    const { lr, loss } = (await search(make())).results;
    expect(loss.length).toBe(lr.length);
    for (const [rung, rate] of lr.entries()) expect(rate).toBeGreaterThan(lr[rung - 1] ?? -1);
  },
  (end, { isMisspelt, isValid }) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

property(
  "a search takes its arguments, or refuses them",
  45,
  fc.tuple(hostile, hostile),
  async ([one, other]) => {
    const trainer = new (withLrFinder(Trainer))(quiet);
    await endOf(() => trainer.findLr(one() as never, data, bounds));
    await endOf(() => search(bounds, one()));
    await endOf(() => search(bounds, { train: one(), val: other() }));
    await endOf(() => search({ ...bounds, rule: () => one() }).then((finder) => finder.suggest()));
  },
);

property(
  "a fit finds its rate first, or refuses the name of its field",
  30,
  fc.tuple(hostile, hostile),
  async ([field, hparam]) => {
    const module = new SmallModule();
    Reflect.set(module, "hparams", { lr: 0.1, odd: hparam() });
    const path: unknown = field();
    for (const autoLrFind of [path, "odd", "odd.lr", "__proto__.lr"]) {
      await endOf(async () => {
        const trainer = new (withLrFinder(Trainer))({
          ...quiet,
          maxSteps: 1,
          autoLrFind: autoLrFind as true,
        });
        await trainer.fit(module, { train: smallLoader() }).finally(() => trainer.dispose());
      });
      tf.tidy(() => module.weight.assign(tf.zeros([2, 1])));
    }
    module.weight.dispose();
  },
);
