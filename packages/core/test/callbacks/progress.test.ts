import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  HistoryLogger,
  ModelSummary,
  Module,
  ProgressBar,
  Trainer,
  type Batch,
  type Callback,
  type Optimizer,
  type TrainerOptions,
  type TrainerProgress,
} from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

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

  /** A module that logs what a test says. */
  const logging = (
    log: (module: Module, loss: tf.Tensor) => void,
    logVal: (module: Module, loss: tf.Tensor) => void = () => undefined,
  ): typeof TinyModule =>
    class extends TinyModule {
      override trainingStep(batch: Batch): tf.Tensor {
        const loss = this.loss(batch, true);
        log(this, loss);
        return loss;
      }
      override validationStep(batch: Batch): tf.Tensor {
        const loss = this.loss(batch, false);
        logVal(this, loss);
        return loss;
      }
    };

  /** The names in the last live line and in the line after the last of two epochs. */
  const shownBy = async (
    Type: new (hparams: { lr: number }) => Module<{ lr: number }>,
    options: TrainerOptions = {},
  ): Promise<[string, string]> => {
    const trainer = new Told({ seed: 1, maxEpochs: 2, limitTrainBatches: 2, ...options });
    await trainer.fit(makeTiny(Type), sixAndThree());
    const [live = "", , after = ""] = trainer.told.slice(-3);
    const names = [...after.matchAll(/ {2}(\S+) /g)].map(([, name]) => name);
    return [live.replace("Epoch 2/2 2/2 ", ""), names.join()];
  };
  const both = { onStep: true, onEpoch: true, progBar: true } as const;

  test("show the losses that the steps return, without anything logged", async () => {
    expect(await shownBy(logging(() => undefined))).toEqual(["loss", "loss,val_loss"]);
    const [live] = await shownBy(
      logging(() => undefined),
      { valCheckInterval: 1 },
    );
    expect(live, "after a validation within the epoch").toBe("loss,val_loss");
  });

  test("show each metric once, and the loss not again under another name", async () => {
    const accuracy = logging((module) => module.log("acc", 0.5, both));
    expect(await shownBy(accuracy)).toEqual(["loss,acc_step,acc_epoch", "loss,acc,val_loss"]);
    const own = logging(
      (module, loss) => module.log("train_loss", loss, both),
      (module, loss) => module.log("val/loss", loss, { progBar: true }),
    );
    expect(await shownBy(own)).toEqual(["train_loss_step,train_loss_epoch,val/loss", "train_loss,val/loss"]);
    const perStep = logging((module, loss) => {
      module.log("train_loss", loss);
      module.log("norm", 2, { progBar: true });
      module.log("hidden", 2);
    });
    expect(await shownBy(perStep)).toEqual(["loss,norm", "loss,norm,val_loss"]);
  });

  test("show the loss when it is NaN, as all metrics are then", async () => {
    const broken = logging((module) => module.log("perplexity", NaN, both));
    class Diverged extends broken {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        return tf.mul(super.trainingStep(batch, batchIdx), NaN);
      }
    }
    expect(await shownBy(Diverged)).toEqual([
      "loss,perplexity_step,perplexity_epoch",
      "loss,perplexity,val_loss",
    ]);
  });

  test("do not indent the epochs of a run that only steps limit", async () => {
    const trainer = new Told({ seed: 1, maxSteps: 2, limitTrainBatches: 2 });
    await trainer.fit(makeTiny(TinyModule), sixAndThree());
    expect(trainer.told.at(-1)).toMatch(/^Epoch 1 {2}train_loss/);
  });

  test("show the loss of the step, not the mean of the last epoch under its name", async () => {
    const live: (number | undefined)[] = [];
    const losses: number[] = [];
    class Reading extends Told {
      protected override readonly platform: Platform = {
        ...portablePlatform,
        display: {
          ...{ info: () => undefined, warn: () => undefined },
          progress: () => ({
            update: (_, values) => void live.push(Number(values?.["loss"])),
            stop: () => undefined,
          }),
        },
      };
    }
    const Type = logging((module, loss) =>
      module.log("loss", loss, { onStep: false, onEpoch: true, progBar: true }),
    );
    const trainer = new Reading({ seed: 1, maxEpochs: 2, limitTrainBatches: 2 });
    trainer.events.on("onTrainBatchEnd", ({ loss }) => void losses.push(loss));
    await trainer.fit(makeTiny(Type), sixAndThree());
    expect(live).toEqual(losses.map((loss) => Number(loss.toFixed(4))));
  });

  test("show no validation of an earlier epoch, and no loss where a step returns none", async () => {
    const [, after] = await shownBy(
      logging(() => undefined),
      { checkValEveryNEpoch: 2, maxEpochs: 3 },
    );
    expect(after).toBe("loss");
    class Manual extends Module<{ lr: number }> {
      override readonly automaticOptimization = false;
      readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
      trainingStep(): undefined {
        return undefined;
      }
      override validationStep({ xs }: Batch): tf.Tensor {
        return tf.mean(this.net.apply(xs) as tf.Tensor);
      }
      configureOptimizers(): Optimizer {
        return adam({ lr: this.hparams.lr });
      }
    }
    expect(await shownBy(Manual)).toEqual(["", "val_loss"]);
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
