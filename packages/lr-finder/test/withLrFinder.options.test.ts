import { describe, expect, test } from "vitest";
import {
  adam,
  cosineAnnealingLr,
  oneCycleLr,
  Trainer as CoreTrainer,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder, type LrFinderOptions } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

class Listening extends CoreTrainer {
  readonly said: string[] = [];
  override get display(): CoreTrainer["display"] {
    return { ...super.display, info: () => undefined, warn: (text) => void this.said.push(text) };
  }
}
const Trainer = withLrFinder(Listening);

/** Fits for one step after a search, and returns the warnings. */
async function warned(
  configure: (lr: number) => OptimizerConfig,
  autoLrFind: LrFinderOptions["autoLrFind"] = { numTraining: 40 },
) {
  class Configured extends TinyModule {
    override configureOptimizers(): OptimizerConfig {
      return configure(this.hparams.lr);
    }
  }
  const trainer = new Trainer({ enableProgressBar: false, seed: 1, maxSteps: 1, autoLrFind });
  const model = makeTiny(Configured);
  await trainer.fit(model, { train: makeLoader() });
  return { trainer, model, said: trainer.said };
}

describe("autoLrFind with the options of a search", () => {
  test("passes them on", async () => {
    const { trainer, model, said } = await warned((lr) => adam({ lr }), {
      ...{
        field: "lr",
        optimizer: 0,
        numTraining: 30,
        minLr: 1e-5,
        rule: ["valley"],
        seed: 4,
        earlyStopThreshold: null,
      },
    });
    const { results, rules } = trainer.lrFinder ?? {};
    expect([results?.lr.length, results?.lr[0], rules]).toEqual([30, 1e-5, ["valley"]]);
    expect(model.hparams.lr).toBe(trainer.lrFinder?.suggestion());
    expect(said).toEqual([]);
  });

  test("goes on with the given rate, and says so, when their own signal aborts the search", async () => {
    const { trainer, model, said } = await warned((lr) => adam({ lr }), { signal: AbortSignal.abort() });
    expect([model.hparams.lr, trainer.lrFinder, trainer.globalStep]).toEqual([1e-2, null, 1]);
    expect(said).toEqual(["The learning-rate search was aborted by its signal: hparams.lr stays 0.01."]);
  });

  test.each([
    [{ minLr: -1 }, "`minLr` of `findLr` must be a finite number above 0."],
    [{ field: "" }, "`field` of `autoLrFind` must be the path of a hyperparameter."],
    [{ refined: true }, "`autoLrFind` has no option `refined`."],
  ])("refuses %j when the Trainer is made", (autoLrFind, message) => {
    expect(() => new Trainer({ autoLrFind: autoLrFind as object })).toThrow(message);
  });
});

describe("a warning says that the found rate is not used", () => {
  test("when configureOptimizers does not read its field", async () => {
    const { said } = await warned(() => adam({ lr: 0.02 }));
    expect(said).toEqual([
      "`configureOptimizers` does not use hparams.lr: the rate of adam is still 0.02. Write e.g. adam({ lr: this.hparams.lr }).",
    ]);
    const schedule = cosineAnnealingLr({ period: 5 });
    expect((await warned(() => ({ optimizer: adam({ lr: 0.02 }), schedule }))).said).toHaveLength(1);
  });

  test("when a schedule has rates of its own", async () => {
    const { said } = await warned((lr) => ({
      ...{ optimizer: adam({ lr }), schedule: oneCycleLr({ totalSteps: 9, maxLr: 0.1 }), interval: "step" },
    }));
    expect(said).toEqual([
      expect.stringContaining("The schedule one-cycle sets rates that do not depend on hparams.lr"),
    ]);
  });

  test("and not when the optimizer, a group of it or its schedule reads it", async () => {
    const ways: ((lr: number) => OptimizerConfig)[] = [
      (lr) => ({ optimizer: adam({ lr }), schedule: cosineAnnealingLr({ period: 5 }) }),
      (lr) => ({ optimizer: adam({ lr }), schedule: oneCycleLr({ totalSteps: 9 }), interval: "step" }),
      (lr) => ({
        ...{
          optimizer: adam({ lr: 1 }),
          schedule: oneCycleLr({ totalSteps: 9, maxLr: lr }),
          interval: "step",
        },
      }),
    ];
    for (const way of ways) expect((await warned(way)).said).toEqual([]);
  });
});
