import { describe, expect, test } from "vitest";
import { EarlyStopping, ModelCheckpoint, Trainer, type Callback, type TrainerOptions } from "@fulmine/core";
import { FilingTrainer } from "../support/filingTrainer.js";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1, maxEpochs: 1 } as const;

async function fit(options: TrainerOptions, val = makeLoader({ size: 48 })): Promise<Trainer> {
  const trainer = new Trainer({ ...quiet, ...options });
  await trainer.fit(makeTiny(TinyModule), { train: makeLoader(), val });
  trainer.dispose();
  return trainer;
}

describe("isDevRun", () => {
  test.each([
    [{}, false],
    [{ fastDevRun: false }, false],
    [{ fastDevRun: true }, true],
    [{ fastDevRun: 3 }, true],
  ])("with %o is %s", (options, expected) => {
    expect(new Trainer(options).isDevRun).toBe(expected);
  });
});

describe("isSanityChecking", () => {
  test("is true only during the validation before training", async () => {
    const seen: [hook: string, isSanityChecking: boolean][] = [];
    const note =
      (hook: string) =>
      ({ isSanityChecking }: { readonly isSanityChecking: boolean }): void =>
        void seen.push([hook, isSanityChecking]);
    const hooks = ["onFitStart", "onSanityCheckStart", "onValidationEnd", "onSanityCheckEnd", "onTrainStart"];
    const callback: Callback = Object.fromEntries(hooks.map((hook) => [hook, note(hook)]));
    await fit({ callbacks: [callback] });
    expect(seen).toEqual([
      ["onFitStart", false],
      ["onSanityCheckStart", true],
      ["onValidationEnd", true],
      ["onSanityCheckEnd", true],
      ["onTrainStart", false],
      ["onValidationEnd", false],
    ]);
  });

  test("is false again after the validation failed", async () => {
    class Failing extends TinyModule {
      override validationStep(): never {
        throw new Error("no validation");
      }
    }
    const trainer = new Trainer(quiet);
    const data = { train: makeLoader(), val: makeLoader() };
    await expect(trainer.fit(makeTiny(Failing), data)).rejects.toThrow("no validation");
    expect(trainer.isSanityChecking).toBe(false);
  });

  test("keeps callbacks that act after validations from acting", async () => {
    // It stops at the first validation that it checks.
    const callback = new EarlyStopping({
      ...{ monitor: "val_loss", checkOnTrainEpochEnd: false, stoppingThreshold: 1e9 },
    });
    const trainer = await fit({ callbacks: [callback], maxEpochs: 2 });
    expect({ steps: trainer.globalStep, stoppedEpoch: callback.stoppedEpoch }).toEqual({
      steps: 6,
      stoppedEpoch: 0,
    });
  });
});

test("a validation outside a fit is no reason for a callback to act", async () => {
  const callbacks = [
    new EarlyStopping({ monitor: "loss", checkOnTrainEpochEnd: false, patience: 1 }),
    new ModelCheckpoint({ saveOnTrainEpochEnd: false }),
  ];
  const trainer = new FilingTrainer({ ...quiet, callbacks });
  await trainer.validate(makeTiny(TinyModule), makeLoader());
  expect(trainer.done).toEqual([]);
});
