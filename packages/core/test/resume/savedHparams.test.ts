import { describe, expect, test, vi } from "vitest";
import { ModelCheckpoint, Trainer, type Callback, type Checkpoint } from "@fulmine/core";
import { checkpointOf, makeData, quiet } from "../support/checkpointOf.js";
import { DenseNet } from "../support/denseNet.js";
import { FilingTrainer } from "../support/filingTrainer.js";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const data = () => ({ train: makeLoader({ size: 16 }) });

describe("functions among the hyperparameters", () => {
  const hparams = (scale: number) => ({
    act: (x: number) => x * scale,
    optim: { rule: () => scale, lr: scale },
  });

  test("are said to be left out before the first step", async () => {
    const model = new DenseNet(hparams(1));
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await new FilingTrainer({ ...quiet, enableModelSummary: false, callbacks: [new ModelCheckpoint()] }).fit(
      model,
      data(),
    );
    const told = warn.mock.calls.map(([text]) => String(text));
    warn.mockRestore();
    expect(told).toEqual([expect.stringContaining("Checkpoints leave out hparams.act, hparams.optim.rule")]);
  });

  test("are the module's own in a resumed run", async () => {
    const saved: Checkpoint[] = [];
    const save: Callback = {
      onTrainEpochEnd: async (trainer) => void saved.push(await trainer.checkpoint()),
    };
    await new Trainer({ ...quiet, enableModelSummary: false, callbacks: [save] }).fit(
      new DenseNet(hparams(2)),
      data(),
    );
    const [checkpoint] = saved;
    expect(checkpoint?.hparams).toEqual({ optim: { lr: 2 } });
    const own = hparams(3);
    const model = new DenseNet(own);
    await new Trainer({ ...quiet, maxEpochs: 2 }).fit(model, data(), checkpoint ? { checkpoint } : {});
    expect(model.hparams).toEqual({ act: own.act, optim: { rule: own.optim.rule, lr: 2 } });
  });
});

test("a resumed run restores hyperparameters", async () => {
  const checkpoint = await checkpointOf(makeTiny(TinyModule));
  const model = makeTiny(TinyModule);
  model.hparams.lr = 5;
  await new Trainer(quiet).fit(model, makeData(), { checkpoint });
  expect(model.hparams).toEqual({ lr: 1e-2 });
});
