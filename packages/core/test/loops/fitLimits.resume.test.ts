import { expect, test } from "vitest";
import {
  silentDisplay,
  Trainer,
  type Callback,
  type Checkpoint,
  type Display,
  type TrainerOptions,
} from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

class Warned extends Trainer {
  readonly warnings: string[] = [];
  override get display(): Display {
    return { ...silentDisplay(), warn: (text) => void this.warnings.push(text) };
  }
}

/** Two epochs of six steps, saved at their very end or at the end of the last epoch. */
async function trained(
  hook: "onTrainEnd" | "onTrainEpochEnd",
): Promise<{ checkpoint: Checkpoint; weights: number[][] }> {
  const saved: Checkpoint[] = [];
  const saver: Callback = { [hook]: async (trainer: Trainer) => void saved.push(await trainer.checkpoint()) };
  const model = makeTiny(TinyModule);
  const trainer = new Warned({ seed: 1, maxEpochs: 2, callbacks: [saver] });
  await trainer.fit(model, { train: makeLoader() });
  trainer.dispose();
  expect(trainer.warnings).toEqual([]);
  return { checkpoint: saved.at(-1) as Checkpoint, weights: weightsOf(model) };
}

test.each<[string, TrainerOptions, string]>([
  ["maxEpochs that are reached", { maxEpochs: 2 }, "after 2 epochs, and `maxEpochs`"],
  ["maxEpochs that are passed", { maxEpochs: 1 }, "after 2 epochs, and `maxEpochs`"],
  ["maxSteps that are reached", { maxSteps: 12 }, "after 12 steps, and `maxSteps`"],
  ["maxSteps that are passed", { maxSteps: 3 }, "after 12 steps, and `maxSteps`"],
])("a run resumed to %s says that it trains nothing", async (_, options, message) => {
  for (const hook of ["onTrainEnd", "onTrainEpochEnd"] as const) {
    const { checkpoint, weights } = await trained(hook);
    const model = makeTiny(TinyModule, 8);
    const trainer = new Warned({ seed: 1, ...options });
    const { status } = await trainer.fit(model, { train: makeLoader() }, { checkpoint });
    trainer.dispose();
    expect(trainer.warnings).toEqual([expect.stringContaining(message)]);
    expect(status).toBe("finished");
    expect(weightsOf(model)).toEqual(weights);
  }
});

test("a run resumed to train on says nothing", async () => {
  const { checkpoint } = await trained("onTrainEnd");
  const trainer = new Warned({ seed: 1, maxEpochs: 3 });
  expect((await trainer.fit(makeTiny(TinyModule), { train: makeLoader() }, { checkpoint })).steps).toBe(18);
  trainer.dispose();
  expect(trainer.warnings).toEqual([]);
});
