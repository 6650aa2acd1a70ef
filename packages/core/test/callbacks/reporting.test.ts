import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  exponentialLr,
  findVariables,
  GradientAccumulationScheduler,
  HistoryLogger,
  LearningRateMonitor,
  ModelSummary,
  ProgressBar,
  sgd,
  Trainer,
  type Batch,
  type Callback,
  type LearningRateMonitorOptions,
  type OptimizerConfig,
  type TrainerOptions,
  type TrainerProgress,
} from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
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

describe("ProgressBar and ModelSummary", () => {
  class Told extends Trainer {
    readonly told: string[] = [];
    protected override readonly platform: Platform = {
      ...portablePlatform,
      display: {
        info: (text) => void this.told.push(text),
        warn: (text) => void this.told.push(`! ${text}`),
        progress: (label, total) => ({
          update: (done, values) =>
            void this.told.push(`${label} ${done}/${total ?? "?"} ${Object.keys(values ?? {}).join(",")}`),
          stop: ({ clear = false } = {}) => void this.told.push(clear ? "cleared" : "stopped"),
        }),
      },
    };
  }
  const tell = async (options: TrainerOptions): Promise<string[]> => {
    const trainer = new Told({
      seed: 1,
      maxEpochs: 1,
      limitTrainBatches: 2,
      numSanityValSteps: 0,
      ...options,
    });
    await trainer.fit(makeTiny(TinyModule), sixAndThree()).catch(() => undefined);
    return trainer.told.map((text) => text.replaceAll(/\d\.\d{4}/g, "#"));
  };

  test("are there by themselves", async () => {
    expect(await tell({})).toEqual([
      "83 trainable parameters of 99",
      "Epoch 1/1 1/2 loss",
      "Epoch 1/1 2/2 loss",
      "cleared",
      "Epoch 1/1  train_loss #  val_loss #",
    ]);
  });

  test("take the place of those that are there by themselves", async () => {
    expect(await tell({ callbacks: [new ProgressBar(), new ModelSummary()] })).toEqual(await tell({}));
  });

  test("show what callbacks add beside the loss, as numbers that are logged or as texts", async () => {
    const adding: Callback = {
      progressColumns: ({ globalStep }) => ({ step: String(globalStep) }),
    };
    expect(await tell({ callbacks: [adding, { progressColumns: () => ({}) }] })).toEqual([
      "83 trainable parameters of 99",
      "Epoch 1/1 1/2 loss,step",
      "Epoch 1/1 2/2 loss,step",
      "cleared",
      "Epoch 1/1  train_loss #  val_loss #  step 2",
    ]);
  });

  test("show a metric of steps and epochs as both, and not a third time", async () => {
    class Both extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        const loss = super.trainingStep(batch, batchIdx);
        this.log("both", loss, { onStep: true, onEpoch: true, progBar: true });
        return loss;
      }
    }
    const trainer = new Told({ seed: 1, maxEpochs: 2, limitTrainBatches: 1, limitValBatches: 0 });
    const { metrics } = await trainer.fit(makeTiny(Both), sixAndThree());
    expect(trainer.told).toContain("Epoch 2/2 1/1 loss,both_step,both_epoch");
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(["both", "both_step", "both_epoch"]));
  });

  test("are silent with `enableProgressBar: false`, and warnings are not", async () => {
    const speaking: Callback = {
      onFitEnd: (trainer) => {
        trainer.display.info("news");
        trainer.display.warn("careful");
      },
    };
    expect(await tell({ enableProgressBar: false, callbacks: [speaking] })).toEqual(["! careful"]);
  });

  test("show what a callback logs with `progBar`", async () => {
    const logging: Callback = {
      onTrainBatchStart: (_, module) => module.log("half", 0.5, { progBar: true, logger: false }),
    };
    expect(await tell({ callbacks: [logging] })).toContain("Epoch 1/1 2/2 loss,half");
  });

  test("leave the line as it stands when a run fails", async () => {
    const broken: Callback = { onValidationStart: () => Promise.reject(new Error("broken")) };
    expect((await tell({ callbacks: [broken] })).at(-1)).toBe("stopped");
  });
});

describe("`onProgress` is told", () => {
  const toldOf = async (options: TrainerOptions): Promise<TrainerProgress[]> => {
    const told: TrainerProgress[] = [];
    const trainer = new Trainer({ ...quiet, ...options, onProgress: (event) => void told.push(event) });
    await trainer.fit(makeTiny(TinyModule), sixAndThree()).catch(() => undefined);
    return told;
  };

  test("of each batch and epoch, with exact numbers", async () => {
    const told = await toldOf({ maxEpochs: 2, limitTrainBatches: 2 });
    expect(told.map(({ type }) => type)).toEqual([
      ...["start", "batch", "batch", "epoch", "batch", "batch", "epoch", "end"],
    ]);
    expect(told[0]).toEqual({ type: "start", task: "fit", epochs: 2 });
    expect(told[5]).toEqual({
      ...{ type: "batch", epoch: 2, batch: 2, batches: 2, metrics: {} },
      loss: expect.any(Number) as number,
    });
    const history = new HistoryLogger();
    const [, , , epoch] = await toldOf({ maxEpochs: 2, limitTrainBatches: 2, logger: history });
    const val_loss = history.of("val_loss")[0]?.value;
    expect(epoch).toMatchObject({ type: "epoch", epoch: 1, epochs: 2, metrics: { val_loss } });
    expect(told.at(-1)).toEqual({ type: "end", task: "fit", status: "finished" });
  });

  test("how the fit ended", async () => {
    const ending = async (options: TrainerOptions): Promise<unknown> =>
      (await toldOf({ maxEpochs: 1, ...options })).at(-1);
    const end = (status: string): unknown => ({ type: "end", task: "fit", status });
    const stopping: Callback = { onTrainBatchEnd: (trainer) => trainer.stop() };
    expect(await ending({ callbacks: [stopping] })).toEqual(end("stopped"));
    const broken: Callback = { onTrainBatchEnd: () => Promise.reject(new Error("broken")) };
    expect(await ending({ callbacks: [broken] })).toEqual(end("failed"));
    const abort = new AbortController();
    const aborting: Callback = { onTrainBatchEnd: () => abort.abort() };
    expect(await ending({ callbacks: [aborting], signal: abort.signal })).toEqual(end("interrupted"));
  });

  test("and no line is drawn", async () => {
    const lines: string[] = [];
    class Drawing extends Trainer {
      protected override readonly platform: Platform = {
        ...portablePlatform,
        display: {
          info: () => undefined,
          warn: () => undefined,
          progress: (label) => {
            lines.push(label);
            return { update: () => undefined, stop: () => undefined };
          },
        },
      };
    }
    const fit = async (options: TrainerOptions): Promise<string[]> => {
      await new Drawing({ seed: 1, maxEpochs: 1, ...options }).fit(makeTiny(TinyModule), sixAndThree());
      return lines.splice(0);
    };
    expect(await fit({})).toEqual(["Epoch 1/1"]);
    expect(await fit({ onProgress: () => undefined })).toEqual([]);
  });
});

describe("GradientAccumulationScheduler", () => {
  const stepsOf = async (options: TrainerOptions): Promise<number[]> => {
    const ends: number[] = [];
    const count: Callback = { onTrainEpochEnd: (trainer) => void ends.push(trainer.globalStep) };
    const trainer = new Trainer({
      ...quiet,
      maxEpochs: 4,
      ...options,
      callbacks: [count, ...(options.callbacks ?? [])],
    });
    await trainer.fit(makeTiny(TinyModule), { train: sixAndThree().train });
    return ends;
  };

  test("changes by epoch how many batches make a step, as the option does", async () => {
    const scheduling = { 1: 2, 3: 6 };
    const callbacks = [new GradientAccumulationScheduler({ scheduling })];
    expect(await stepsOf({ callbacks })).toEqual([6, 9, 12, 13]);
    expect(await stepsOf({ accumulateGradBatches: scheduling })).toEqual([6, 9, 12, 13]);
  });

  test("is told in one place only", async () => {
    const own = (): GradientAccumulationScheduler =>
      new GradientAccumulationScheduler({ scheduling: { 0: 2 } });
    for (const options of [
      { accumulateGradBatches: 4, callbacks: [own()] },
      { accumulateGradBatches: { 0: 4 }, callbacks: [own()] },
      { callbacks: [own(), own()] },
    ])
      await expect(stepsOf(options)).rejects.toThrow(
        "The number of batches per optimizer step is set twice.",
      );
    expect(await stepsOf({ accumulateGradBatches: 1, callbacks: [own()] })).toEqual([3, 6, 9, 12]);
  });

  test("refuses wrong schedules, and modules with manual optimization", async () => {
    expect(() => new GradientAccumulationScheduler({ scheduling: { 0: 0 } })).toThrow("`scheduling` of");
    expect(() => new GradientAccumulationScheduler({ scheduling: {} })).toThrow("`scheduling` of");
    class Manual extends TinyModule {
      override readonly automaticOptimization = false;
    }
    const callbacks = [new GradientAccumulationScheduler({ scheduling: { 0: 2 } })];
    const before = tf.memory().numTensors;
    const model = makeTiny(Manual);
    await expect(new Trainer({ ...quiet, callbacks }).fit(model, sixAndThree())).rejects.toThrow(
      "A module with manual optimization",
    );
    expect(tf.memory().numTensors).toBeGreaterThanOrEqual(before);
  });
});
