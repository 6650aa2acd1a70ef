import { describe, expect, test } from "vitest";
import {
  adam,
  FulmineError,
  Trainer,
  type Batch,
  type Callback,
  type DataSource,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const Finding = withLrFinder(Trainer);
const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 2 } as const;

/** Two modules of this kind can have one optimizer, as long as they do not train at once. */
class Lent extends TinyModule {
  optimizer: Optimizer | null = null;

  override configureOptimizers(): OptimizerConfig {
    return this.optimizer ?? super.configureOptimizers();
  }
}

/** A fit that stands still until it is told to go on. */
function heldFit(model: TinyModule, train: DataSource<Batch>): { goOn: () => void; done: Promise<unknown> } {
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const hold: Callback = { onFitStart: () => gate };
  return { goOn, done: new Finding({ ...quiet, callbacks: [hold] }).fit(model, { train }) };
}

/** Lets what was begun get as far as it can. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function refusalOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FulmineError);
  expect((error as FulmineError).code).toBe("INVALID_STATE");
  return (error as FulmineError).message;
}

describe("while a fit goes on, another Trainer", () => {
  const other = new Finding(quiet);
  const seconds: [string, (model: TinyModule, train: DataSource<Batch>) => Promise<unknown>, string][] = [
    [
      "can't fit the module",
      (m) => other.fit(m, { train: makeLoader() }),
      "`fit` can't begin while `fit` of another",
    ],
    [
      "can't search with the module",
      (m) => other.findLr(m, { train: makeLoader() }),
      "`findLr` can't begin while `fit`",
    ],
    ["can't score the module", (m) => other.validate(m, makeLoader()), "`validate` can't begin while `fit`"],
    [
      "can't fit another module with its loader",
      (_, train) => other.fit(makeTiny(TinyModule), { train }),
      "uses the same data `DataLoader`",
    ],
    [
      "can't train another module of the same variables",
      (m) => other.fit(Object.assign(makeTiny(Lent), { net: m.net }), { train: makeLoader() }),
      'uses the same variable "',
    ],
    [
      "can't fit another module with its optimizer",
      (m) =>
        other.fit(Object.assign(makeTiny(Lent), { optimizer: (m as Lent).optimizer }), {
          train: makeLoader(),
        }),
      "uses the same optimizer",
    ],
  ];
  test.each(seconds)("%s", async (_, second, message) => {
    const [model, alone, train] = [makeTiny(Lent), makeTiny(Lent), makeLoader()];
    for (const module of [model, alone]) module.optimizer = adam({ lr: 1e-2 });
    const { goOn, done } = heldFit(model, train);
    await pause();
    expect(await refusalOf(second(model, train))).toContain(message);
    goOn();
    await done;
    await new Trainer(quiet).fit(alone, { train: makeLoader() });
    expect(weightsOf(model)).toEqual(weightsOf(alone));
    await other.fit(model, { train });
  });

  test("can fit another module on the same array of batches", async () => {
    const batches: Batch[] = [];
    for await (const batch of makeLoader({ shuffle: false })) batches.push(batch);
    const { goOn, done } = heldFit(makeTiny(TinyModule), batches);
    await pause();
    expect(await other.fit(makeTiny(TinyModule), { train: batches })).toMatchObject({ status: "finished" });
    goOn();
    await done;
  });
});

describe("one Trainer", () => {
  const second =
    (run: (trainer: InstanceType<typeof Finding>, model: TinyModule) => Promise<unknown>) => async () => {
      const model = makeTiny(TinyModule);
      let message = "";
      const hook: Callback = {
        onTrainStart: async (trainer) => void (message = await refusalOf(run(trainer as never, model))),
      };
      await new Finding({ ...quiet, callbacks: [hook] }).fit(model, { train: makeLoader() });
      return message;
    };
  test("does not fit within a hook of its fit", async () => {
    const message = await second((trainer, model) => trainer.fit(model, { train: makeLoader() }))();
    expect(message).toContain("This Trainer is running already: `fit` can't begin while its `fit` goes on.");
  });

  test("does not search from outside its hooks while it fits", async () => {
    const [model, alone] = [makeTiny(TinyModule), makeTiny(TinyModule)];
    const trainer = new Finding(quiet);
    const fit = trainer.fit(model, { train: makeLoader() });
    expect(await refusalOf(trainer.findLr(model))).toContain("`findLr` can't begin while its `fit` goes on.");
    await fit;
    await new Trainer(quiet).fit(alone, { train: makeLoader() });
    expect(weightsOf(model)).toEqual(weightsOf(alone));
  });

  test.each(["awaited", "not awaited"])(
    "goes on as if without a search in a hook that is %s",
    async (how) => {
      const train = async (searches: boolean): Promise<unknown> => {
        const model = makeTiny(TinyModule);
        const found: Promise<unknown>[] = [];
        const hook: Callback = {
          async onTrainBatchEnd(trainer) {
            await Promise.resolve();
            if (!searches || trainer.globalStep !== 3) return;
            const search = (trainer as InstanceType<typeof Finding>).findLr(model, undefined, {
              numTraining: 12,
            });
            found.push(search);
            if (how === "awaited") await search;
          },
        };
        const result = await new Finding({ ...quiet, callbacks: [hook] }).fit(model, { train: makeLoader() });
        expect(await Promise.all(found)).toHaveLength(searches ? 1 : 0);
        return { result, weights: weightsOf(model) };
      };
      expect(await train(true)).toEqual(await train(false));
    },
  );
});

test("what a failed run used is free for the next", async () => {
  const [model, train] = [makeTiny(TinyModule), makeLoader()];
  const broken: Callback = {
    onTrainStart() {
      throw new Error("broken");
    },
  };
  await expect(new Trainer({ ...quiet, callbacks: [broken] }).fit(model, { train })).rejects.toThrow(
    "broken",
  );
  expect((await new Trainer(quiet).fit(model, { train })).status).toBe("finished");
});

test("what a fit trains with can't be disposed while it runs", async () => {
  const messages: string[] = [];
  const trainer: Trainer = new Trainer({
    ...quiet,
    callbacks: [
      {
        onTrainBatchEnd: async () => {
          messages.push(await refusalOf(Promise.resolve().then(() => trainer.dispose())));
        },
      },
    ],
  });
  await trainer.fit(makeTiny(TinyModule), { train: makeLoader() });
  expect(new Set(messages)).toEqual(
    new Set([expect.stringContaining("`dispose` can't begin while its `fit` goes on") as string]),
  );
  trainer.dispose();
});
