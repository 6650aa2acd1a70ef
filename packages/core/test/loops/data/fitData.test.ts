import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, DataModule, FulmineError, Trainer } from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule } from "../../support/tinyModule.js";

const trainer = (): Trainer => new Trainer({ enableProgressBar: false, seed: 1, maxEpochs: 1 });
const fit = (data: unknown, module: TinyModule = makeTiny(TinyModule)): Promise<unknown> =>
  trainer().fit(module, data as never);
const refused = async (run: Promise<unknown>, message: string): Promise<void> => {
  const error: unknown = await run.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FulmineError);
  expect((error as FulmineError).message).toContain(message);
};

describe("a part of a fit's data that nobody would read is refused:", () => {
  test.each(["validation", "validationData", "validationSplit", "valid", "valDataloader", "eval", "Val"])(
    "%s, which is called val",
    async (part) => {
      const data = { train: makeLoader(), [part]: part === "validationSplit" ? 0.2 : makeLoader() };
      await refused(fit(data), `The data of a fit has no part \`${part}\`.`);
      await refused(fit(data), "Held-out data is called `val`");
      await refused(
        trainer().isolated(makeTiny(TinyModule), data, () => Promise.resolve()),
        `no part \`${part}\``,
      );
    },
  );

  test.each(["tests", "batchSize", "constructor"])("%s", async (part) => {
    await refused(fit({ train: makeLoader(), [part]: 8 }), `The data of a fit has no part \`${part}\`.`);
  });

  test("but an instance of a class may have more, and what is undefined is not there", async () => {
    class Digits {
      readonly train = makeLoader();
      readonly source = "digits.csv";
    }
    await fit(new Digits());
    await fit({ train: makeLoader(), validation: undefined });
  });

  test("but a whole data set may be given, with parts for other methods", async () => {
    await fit({ train: makeLoader(), test: makeLoader(), predict: makeLoader() });
  });
});

describe("a dataloader that nobody would call is refused:", () => {
  test.each(["valDataLoader", "validationDataloader", "val_dataloader", "testDataloaders"])(
    "%s",
    async (name) => {
      const loaders = { trainDataloader: () => makeLoader(), [name]: () => makeLoader() };
      await refused(fit(loaders), `\`${name}\` is no dataloader's name, so it would not be called.`);
    },
  );

  test("of a DataModule, or of the module itself, inherited ones too", async () => {
    class Base extends DataModule {
      trainDataloader(): ReturnType<typeof makeLoader> {
        return makeLoader();
      }
      valDataLoader(): ReturnType<typeof makeLoader> {
        return makeLoader();
      }
    }
    class Derived extends Base {}
    await refused(fit(new Derived()), "`valDataLoader` is no dataloader's name");
    class Own extends TinyModule {
      trainDataLoader(): ReturnType<typeof makeLoader> {
        return makeLoader();
      }
    }
    await refused(fit(undefined, makeTiny(Own)), "`trainDataLoader` is no dataloader's name");
    await fit({ train: makeLoader() }, makeTiny(Own));
  });
});

describe("what is no data is refused:", () => {
  test.each([null, 5, "train.csv"])("%s for a fit", async (data) => {
    await refused(fit(data), "The data of a fit must be { train, val }.");
  });

  test("a loader alone", async () => {
    await refused(fit(makeLoader()), "There is no training data. Received: DataLoader. Pass { train, val }");
  });

  test.each([new Float32Array(4), new Map([["xs", 1]]), tf.zeros([2, 4]), "train.csv", null])(
    "%s to train on",
    async (train) => {
      await refused(
        fit({ train }),
        "`train` must be a DataLoader, a tf.data.Dataset or an iterable of batches.",
      );
    },
  );

  test("a fit's data, or null, for a validation", async () => {
    const validate = (data: unknown): Promise<unknown> =>
      trainer().validate(makeTiny(TinyModule), data as never);
    await refused(validate({ val: makeLoader() }), "Pass the part itself, e.g. validate(model, val)");
    await refused(validate(null), "`data` must be a DataLoader");
    await refused(validate({ validation: makeLoader() }), "`data` must be a DataLoader");
  });

  test("a batch that holds itself, first or later", async () => {
    const circular: Record<string, unknown> = { xs: tf.zeros([2, 4]) };
    circular["ys"] = circular;
    const list: unknown[] = [];
    list.push(list);
    const made = new DataLoader({ xs: new Float32Array(4) }, { transform: () => circular });
    await refused(fit({ train: made }), "A batch holds itself");
    for (const batch of [circular, list]) {
      await refused(fit({ train: [batch] }), "A batch holds itself, or is nested deeper than 64 times.");
      await refused(
        fit({ train: [{ xs: tf.zeros([2, 4]), ys: tf.zeros([2], "int32") }, batch] }),
        "A batch holds itself",
      );
    }
  });
});
