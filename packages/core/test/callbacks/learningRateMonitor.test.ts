import { describe, expect, test } from "vitest";
import {
  adam,
  exponentialLr,
  findVariables,
  HistoryLogger,
  LearningRateMonitor,
  sgd,
  Trainer,
  type LearningRateMonitorOptions,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("LearningRateMonitor logs", () => {
  async function logged(
    configure: (model: TinyModule) => OptimizerConfig,
    given: LearningRateMonitorOptions = {},
    options: TrainerOptions = {},
  ): Promise<HistoryLogger> {
    const history = new HistoryLogger();
    const model = makeTiny(TinyModule);
    model.configureOptimizers = () => configure(model);
    const callbacks = [new LearningRateMonitor(given)];
    const trainer = new Trainer({
      ...quiet,
      maxEpochs: 2,
      logEveryNSteps: 3,
      logger: history,
      callbacks,
      ...options,
    });
    await trainer.fit(model, { train: sixAndThree().train });
    return history;
  }
  const stepped = (): OptimizerConfig => ({
    optimizer: adam({ lr: 1 / 1024 }),
    schedule: exponentialLr({ gamma: 0.5 }),
    interval: "step",
  });

  test("the rate that each logged step was taken with, and that at the start of epochs", async () => {
    const rates = (await logged(stepped)).of("lr-adam").map(({ step, value }) => [step, value * 1024]);
    expect(rates).toEqual([
      [0, 1],
      [3, 1 / 4],
      [6, 1 / 32],
      [6, 1 / 64],
      [9, 1 / 256],
      [12, 1 / 2048],
    ]);
  });

  test("one of both when told so", async () => {
    const steps = async (loggingInterval: "step" | "epoch"): Promise<number[]> =>
      (await logged(stepped, { loggingInterval })).of("lr-adam").map(({ step }) => step);
    expect(await steps("step")).toEqual([3, 6, 9, 12]);
    expect(await steps("epoch")).toEqual([0, 6]);
  });

  test("steps only once while gradients are gathered", async () => {
    const history = await logged(stepped, { loggingInterval: "step" }, { accumulateGradBatches: 2 });
    expect(history.of("lr-adam").map(({ step }) => step)).toEqual([3, 6]);
  });

  test("each group, each optimizer and the momenta by their own names", async () => {
    const history = await logged(
      ({ net }) => {
        const [first, second, ...rest] = net.layers.map((layer) => ({
          params: findVariables(layer).trainable,
        }));
        if (first === undefined || second === undefined) throw new Error("too few layers");
        const last = { params: rest.flatMap(({ params }) => params) };
        return [
          adam({ lr: 0.1, groups: [first, { ...second, lr: 0.2 }] }),
          sgd({ lr: 0.3, momentum: 0.9, groups: [last] }),
          sgd({ lr: 0.4, groups: [last] }),
        ];
      },
      { loggingInterval: "epoch", logMomentum: true },
      { maxEpochs: 1 },
    );
    expect(history.rows[0]?.metrics).toEqual({
      "lr-adam/pg1": 0.1,
      "lr-adam/pg1-momentum": 0.9,
      "lr-adam/pg2": 0.2,
      "lr-adam/pg2-momentum": 0.9,
      "lr-sgd": 0.3,
      "lr-sgd-momentum": 0.9,
      "lr-sgd-1": 0.4,
      "lr-sgd-1-momentum": 0,
    });
  });

  test("nothing without a logger, which is an error before any step", async () => {
    await expect(logged(stepped, {}, { logger: false })).rejects.toThrow(
      "`LearningRateMonitor` has no logger",
    );
    expect((await logged(stepped, {}, { fastDevRun: true })).rows).toEqual([]);
  });
});
