import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  HistoryLogger,
  Module,
  sgd,
  Trainer as CoreTrainer,
  type Batch,
  type Callback,
  type Checkpoint,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("autoLrFind", () => {
  test("writes the found rate to hparams, to the optimizer and to the logger", async () => {
    const history = new HistoryLogger();
    const model = makeTiny(TinyModule);
    const trainer = new Trainer({ ...quiet, maxEpochs: 1, autoLrFind: true, logger: history });
    await trainer.fit(model, { train: makeLoader() });
    const found = trainer.lrFinder?.suggestion();
    expect(found).toBeGreaterThan(0);
    expect(model.hparams.lr).toBe(found);
    expect(trainer.optimizers[0]?.lr).toBe(found);
    expect(history.hparams).toEqual({ lr: found });
  });

  test("logs the rate that it set", async () => {
    const said: string[] = [];
    class Listening extends CoreTrainer {
      override get display(): CoreTrainer["display"] {
        const line = { update: () => undefined, stop: () => undefined };
        return {
          info: (text) => void said.push(text),
          warn: (text) => void said.push(text),
          progress: () => line,
        };
      }
    }
    const model = makeTiny(TinyModule);
    await new (withLrFinder(Listening))({ maxSteps: 1, seed: 1, autoLrFind: true }).fit(model, {
      train: makeLoader(),
    });
    expect(said[0]).toMatch(
      /^Learning rate set to [\d.e-]+ \(hparams\.lr; rule auto, usable from .* to .*\)$/,
    );
  });

  test("is skipped in a fastDevRun", async () => {
    const model = makeTiny(TinyModule);
    const trainer = new Trainer({ ...quiet, autoLrFind: true, fastDevRun: true });
    const { steps } = await trainer.fit(model, { train: makeLoader() });
    expect([model.hparams.lr, trainer.lrFinder, steps]).toEqual([1e-2, null, 1]);
  });

  test("is skipped in a resumed fit, whose rate is that of the checkpoint, and says so", async () => {
    const saved: Checkpoint[] = [];
    const saving: Callback = {
      onTrainEpochEnd: async (trainer) => void saved.push(await trainer.checkpoint()),
    };
    const first = makeTiny(TinyModule);
    const options = { ...quiet, autoLrFind: true } as const;
    await new Trainer({ ...options, maxEpochs: 1, callbacks: [saving] }).fit(first, { train: makeLoader() });
    const said: string[] = [];
    class Listening extends CoreTrainer {
      override get display(): CoreTrainer["display"] {
        return { ...super.display, info: (text) => void said.push(text) };
      }
    }
    const [second, trainer] = [
      makeTiny(TinyModule),
      new (withLrFinder(Listening))({ ...options, maxEpochs: 2 }),
    ];
    const [checkpoint] = saved;
    await trainer.fit(second, { train: makeLoader() }, checkpoint === undefined ? {} : { checkpoint });
    expect(saved).toHaveLength(1);
    expect([second.hparams.lr, trainer.lrFinder]).toEqual([first.hparams.lr, null]);
    expect(said).toContain("Resumed fit: the learning rate is not searched. It is that of the checkpoint.");
  });

  test("accepts the path of a nested field", async () => {
    class Nested extends Module<{ optim: { lr: number } }> {
      readonly w = tf.variable(tf.scalar(3));
      trainingStep(): tf.Tensor {
        return tf.square(this.w);
      }
      configureOptimizers(): OptimizerConfig {
        return sgd({ lr: this.hparams.optim.lr });
      }
    }
    const model = new Nested({ optim: { lr: 1e-9 } });
    await new Trainer({ ...quiet, maxSteps: 1, autoLrFind: "optim.lr" }).fit(model, { train: makeLoader() });
    expect(model.hparams.optim.lr).toBeGreaterThan(1e-6);
    await expect(
      new Trainer({ ...quiet, autoLrFind: true }).fit(model, { train: makeLoader() }),
    ).rejects.toThrow("`hparams` has neither `lr` nor `learningRate`");
  });

  test("keeps the rate if it finds none, and the fit continues", async () => {
    class Flat extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        return tf.mul(super.trainingStep(batch, batchIdx), 0);
      }
    }
    const model = makeTiny(Flat);
    const { status } = await new Trainer({ ...quiet, maxSteps: 1, autoLrFind: true }).fit(model, {
      train: makeLoader(),
    });
    expect([model.hparams.lr, status]).toEqual([1e-2, "finished"]);
  });

  test("that is aborted stops the fit, and everything is restored", async () => {
    const controller = new AbortController();
    class Stopping extends TinyModule {
      override onTrainBatchEnd(): void {
        controller.abort();
      }
    }
    const trainer = new Trainer({ ...quiet, autoLrFind: true, signal: controller.signal });
    const result = await trainer.fit(makeTiny(Stopping), { train: makeLoader() });
    expect(result).toMatchObject({ status: "interrupted", steps: 0 });
  });

  test.each([
    ["autoLrFind", 3],
    ["autoLrFind", ""],
  ])("refuses %s: %o", (name, value) => {
    expect(() => new Trainer({ [name]: value })).toThrow(
      "`autoLrFind` must be true, false or the path of a hyperparameter",
    );
  });
});
