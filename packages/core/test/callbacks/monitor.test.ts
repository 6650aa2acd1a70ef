import { expect, test } from "vitest";
import {
  EarlyStopping,
  ModelCheckpoint,
  silentDisplay,
  type Callback,
  type Display,
  type TrainerOptions,
} from "@fulmine/core";
import { FilingTrainer } from "../support/filingTrainer.js";
import { scripted, sixAndThree } from "../support/scripted.js";

/** Writes down warnings, and the first step. */
class Warned extends FilingTrainer {
  readonly told: string[] = [];
  override get display(): Display {
    return { ...silentDisplay(), warn: (text) => void this.told.push(text) };
  }
}

async function toldOf(callback: Callback, options: TrainerOptions, withVal: boolean): Promise<string[]> {
  const firstStep: Callback = {
    onTrainBatchStart: (trainer, _module, _batch, batchIdx) =>
      void (batchIdx === 0 && trainer.currentEpoch === 0 && (trainer as Warned).told.push("first step")),
  };
  const trainer = new Warned({
    ...{ seed: 1, maxEpochs: 2, numSanityValSteps: 0, enableModelSummary: false, ...options },
    callbacks: [callback, firstStep],
  });
  const { train, val } = sixAndThree();
  await trainer.fit(
    scripted([2, 1], withVal ? "validation" : "training"),
    withVal ? { train, val } : { train },
  );
  trainer.dispose();
  return trainer.told;
}

const saver = (): Callback => new ModelCheckpoint({ saveOnTrainEpochEnd: false });
const stopper = (): Callback => new EarlyStopping({ monitor: "score", checkOnTrainEpochEnd: false });

test.each([
  ["ModelCheckpoint", "saveOnTrainEpochEnd", saver],
  ["EarlyStopping", "checkOnTrainEpochEnd", stopper],
])(
  "%s says before the first step that no validation comes for it to act after",
  async (name, option, make) => {
    const warning = `\`${name}\` acts after validations, and this fit makes none`;
    for (const options of [{}, { checkValEveryNEpoch: 3 }, { limitValBatches: 0 }]) {
      const withVal = Object.keys(options).length > 0;
      const [first, ...rest] = await toldOf(make(), options, withVal);
      expect(first).toContain(warning);
      expect(first).toContain(`\`${option}: true\``);
      expect(rest).toEqual(["first step"]);
    }
  },
);

test.each([
  ["there are validations", {}, true, saver],
  ["epochs are told to be enough", {}, false, () => new ModelCheckpoint({ saveOnTrainEpochEnd: true })],
  ["nothing is told, and the end of the epoch is taken", {}, false, () => new ModelCheckpoint()],
  [
    "it saves by steps",
    {},
    false,
    () => new ModelCheckpoint({ everyNTrainSteps: 4, saveOnTrainEpochEnd: false }),
  ],
  ["nothing is to be saved anyway", { fastDevRun: true }, false, saver],
] as const)("nothing is said where %s", async (_, options, withVal, make) => {
  expect(await toldOf(make(), options, withVal)).toEqual(["first step"]);
});
