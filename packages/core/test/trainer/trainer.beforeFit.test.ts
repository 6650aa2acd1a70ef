import { describe, expect, test } from "vitest";
import {
  DataModule,
  Trainer,
  type FitInput,
  type Module,
  type ReplacedData,
  type Batch,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 1 } as const;

/** A module whose data depends on what a plug-in may set. */
class Sized extends TinyModule {
  size = 96;
  calls = 0;

  override trainDataloader(): ReturnType<typeof makeLoader> {
    this.calls += 1;
    return makeLoader({ size: this.size });
  }
}

/** A plug-in that changes the module. */
class Reconfiguring extends Trainer {
  override async beforeFit<B>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
  ): Promise<ReplacedData<B>> {
    await super.beforeFit(module, data);
    if (module instanceof Sized) module.size = 32;
  }
}

/** Tells of what is done with it. */
class Heard extends DataModule {
  readonly heard: string[] = [];

  override setup(): void {
    this.heard.push("setup");
  }

  override teardown(): void {
    this.heard.push("teardown");
  }

  override trainDataloader(): ReturnType<typeof makeLoader> {
    this.heard.push("train");
    return makeLoader({ size: 32 });
  }
}

/** A plug-in that has data of its own. */
function replacing(data: FitInput<Batch>): typeof Trainer {
  return class extends Trainer {
    override async beforeFit<B>(): Promise<ReplacedData<B>> {
      return (await Promise.resolve(data)) as unknown as FitInput<B>;
    }
  };
}

describe("a plug-in's beforeFit", () => {
  test("comes before the module's dataloaders, which are called once", async () => {
    const model = makeTiny(Sized);
    expect((await new Reconfiguring(quiet).fit(model)).steps).toBe(2);
    expect(model.calls).toBe(1);
  });

  test("may replace the data that was given", async () => {
    const Replacing = replacing({ train: makeLoader({ size: 48 }) });
    expect((await new Replacing(quiet).fit(makeTiny(TinyModule), { train: makeLoader() })).steps).toBe(3);
  });

  test("may replace it by a DataModule, which is set up and torn down", async () => {
    const data = new Heard();
    const Replacing = replacing(data);
    expect((await new Replacing(quiet).fit(makeTiny(TinyModule), { train: makeLoader() })).steps).toBe(2);
    expect(data.heard).toEqual(["setup", "train", "teardown"]);
  });

  test("decides what a search before the fit reads", async () => {
    const Replacing = withLrFinder(replacing({ train: makeLoader({ size: 48 }) }));
    const trainer = new Replacing({ ...quiet, autoLrFind: true });
    expect((await trainer.fit(makeTiny(TinyModule), { train: [] })).steps).toBe(3);
    expect(trainer.lrFinder?.results.lr.length).toBeGreaterThan(5);
  });

  test("is not reached where there is no data", async () => {
    let reached = false;
    class Never extends Trainer {
      override async beforeFit(): Promise<void> {
        reached = await Promise.resolve(true);
      }
    }
    await expect(new Never(quiet).fit(makeTiny(TinyModule))).rejects.toThrow("There is no training data.");
    expect(reached).toBe(false);
  });
});
