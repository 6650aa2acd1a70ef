import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  adam,
  oneCycleLr,
  seeded,
  Trainer as CoreTrainer,
  type Batch,
  type DataSource,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import {
  makeLoader,
  makePoints,
  makeTiny,
  TinyModule,
  weightsOf,
} from "../../packages/core/test/support/tinyModule.js";
import { DelicateModule, Observations } from "./isolation/delicateModule.js";
import { columns, measureScenario, withOwnGenerator } from "./isolation/measureScenario.js";
import { endings, repeatedSearches } from "./isolation/scenarios.js";

const Trainer = withLrFinder(CoreTrainer);

const [home, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "fulmine-matrix-"))];
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const shuffled = (): DataSource<Batch> => makeLoader();
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

const unchanged = Object.fromEntries(columns.map((column) => [column, true]));
const scenarios = [...endings, ...repeatedSearches].map((scenario) => [scenario.name, scenario] as const);

describe.each([
  ["a shuffling loader", shuffled],
  ["a loader with its own generator", withOwnGenerator],
  ["a shuffled tf.data.Dataset", dataset],
])(
  "a search on %s leaves everything unchanged, before, between and within fits, when it ends by",
  (_, makeData) => {
    test.each(scenarios)("%s", async (_, scenario) => {
      expect(await measureScenario(scenario, makeData)).toEqual(unchanged);
    });
  },
);

test("a search in the middle of training changes nothing", async () => {
  const run = async (isSearching: boolean): Promise<unknown> => {
    const model = seeded(7, () => new DelicateModule(new Observations()));
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
