import { describe, expect, test } from "vitest";
import { cosineAnnealingLr, HistoryLogger, sgd, Trainer, type Checkpoint } from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 } as const;

describe("the history of a fit", () => {
  class Silent extends TinyModule {
    override trainingStep(...[batch]: Parameters<TinyModule["trainingStep"]>) {
      return this.loss(batch, true);
    }
    override validationStep(...[batch]: Parameters<TinyModule["validationStep"]>) {
      return this.loss(batch, false);
    }
    override configureOptimizers() {
      return { optimizer: sgd({ lr: 0.1 }), schedule: cosineAnnealingLr({ period: 2 }) };
    }
  }

  test("has the losses of each epoch, logged or not, and the rates at its start", async () => {
    const logger = new HistoryLogger();
    await new Trainer({ ...quiet, maxEpochs: 2, logger }).fit(makeTiny(TinyModule), sixAndThree());
    const { history } = await new Trainer({ ...quiet, maxEpochs: 2 }).fit(makeTiny(Silent), sixAndThree());
    expect(history.map(({ epoch, steps }) => [epoch, steps])).toEqual([
      [1, 6],
      [2, 12],
    ]);
    expect(history.map(({ lr }) => lr["lr-sgd"])).toEqual([0.1, 0.05]);
    expect(Object.keys(history[0]?.metrics ?? {})).toEqual(["loss", "val_loss"]);
    expect(history[0]?.metrics["loss"]).toBeGreaterThan(history[1]?.metrics["loss"] ?? NaN);
    const adam = await new Trainer({ ...quiet, maxEpochs: 2 }).fit(makeTiny(TinyModule), sixAndThree());
    for (const name of ["train_loss", "val_loss"])
      expect(adam.history.map(({ metrics }) => metrics[name])).toEqual(
        logger.of(name).map(({ value }) => value),
      );
  });

  test("has the mean of a whole epoch when a fit resumes in the middle of it", async () => {
    const whole = await new Trainer({ ...quiet, maxEpochs: 1 }).fit(makeTiny(Silent), sixAndThree());
    let checkpoint: Checkpoint | undefined;
    const saving = {
      onTrainBatchEnd: async (trainer: { checkpoint(): Promise<Checkpoint> }, ...[, , , at]: unknown[]) => {
        if (at === 3) checkpoint = await trainer.checkpoint();
      },
    };
    await new Trainer({ ...quiet, maxEpochs: 1, callbacks: [saving] }).fit(makeTiny(Silent), sixAndThree());
    const { history } = await new Trainer({ ...quiet, maxEpochs: 1 }).fit(makeTiny(Silent), sixAndThree(), {
      checkpoint: checkpoint as Checkpoint,
    });
    expect(history).toEqual(whole.history);
  });
});
