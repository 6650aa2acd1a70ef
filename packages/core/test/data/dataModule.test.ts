import { expect, test } from "vitest";
import { DataModule, Trainer as CoreTrainer, type DataLoader, type Stage } from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, maxEpochs: 2, seed: 1 } as const;

class Points extends DataModule {
  readonly trace: string[] = [];
  isReady = false;

  override async prepareData(): Promise<void> {
    await Promise.resolve();
    this.trace.push("prepareData");
  }
  override setup(stage: Stage): void {
    this.isReady = true;
    this.trace.push(`setup ${stage}`);
  }
  override trainDataloader(): DataLoader {
    if (!this.isReady) throw new Error("not set up");
    return makeLoader();
  }
  override valDataloader(): DataLoader {
    return makeLoader({ shuffle: false });
  }
  override teardown(stage: Stage): void {
    this.trace.push(`teardown ${stage}`);
  }
}

test("a DataModule is prepared, set up, read and torn down, once each", async () => {
  const data = new Points();
  const { metrics } = await new Trainer({ ...quiet, autoLrFind: true }).fit(makeTiny(TinyModule), data);
  expect(data.trace).toEqual(["prepareData", "setup fit", "teardown fit"]);
  expect(metrics["val_loss"]).toBeGreaterThan(0);
});

test("a DataModule is torn down when the run fails", async () => {
  class Broken extends TinyModule {
    override onTrainStart(): void {
      throw new Error("broken");
    }
  }
  const data = new Points();
  await expect(new Trainer(quiet).fit(makeTiny(Broken), data)).rejects.toThrow("broken");
  expect(data.trace.at(-1)).toBe("teardown fit");
});

test("a search on a DataModule sets it up and changes nothing", async () => {
  const fit = async (isSearching: boolean): Promise<number[][]> => {
    const model = makeTiny(TinyModule);
    const trainer = new Trainer(quiet);
    const data = new Points();
    if (isSearching) await trainer.findLr(model, data);
    await trainer.fit(model, data);
    return weightsOf(model);
  };
  expect(await fit(true)).toEqual(await fit(false));
});

test("data is given, or the module's own, or its absence is an error", async () => {
  class WithData extends TinyModule {
    override trainDataloader(): DataLoader {
      return makeLoader();
    }
    override valDataloader(): DataLoader {
      return makeLoader({ size: 32 });
    }
  }
  const trainer = new Trainer(quiet);
  expect((await trainer.fit(makeTiny(WithData))).metrics["val_loss"]).toBeGreaterThan(0);
  expect((await trainer.validate(makeTiny(WithData)))["val_loss"]).toBeGreaterThan(0);
  expect((await trainer.findLr(makeTiny(WithData))).results.lr.length).toBeGreaterThan(10);
  await expect(trainer.validate(makeTiny(TinyModule))).rejects.toThrow("There is no data to validate.");
  await expect(trainer.test(makeTiny(WithData))).rejects.toThrow("the module has no `testStep`");
});
