import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { DataLoader, DataModule, type Batch, type FulmineError } from "@fulmine/core";
import { fields, makeLoader, Net, quiet, SizingTrainer, weightsOf } from "./support/net.js";

beforeAll(async () => {
  await tf.ready();
  const messages = { Full: "OOM when allocating tensor with shape[4,3]", Broken: "my own kernel's fault" };
  for (const [kernelName, message] of Object.entries(messages)) {
    const kernelFunc = (): never => {
      throw new Error(message);
    };
    tf.registerKernel({ kernelName, backendName: tf.getBackend(), kernelFunc });
  }
});

describe("the error of a kernel", () => {
  test("ends the search if it is out of memory", async () => {
    class Full extends Net {
      override trainingStep(batch: Batch): tf.Scalar {
        if (batch.xs.shape[0] !== 2) tf.engine().runKernel("Full", {});
        return super.trainingStep(batch);
      }
    }
    const model = new Full();
    const [before, state] = [weightsOf(model), tf.engine().state];
    const { numBytes } = state;
    const { reason, trials } = await new SizingTrainer(quiet).findBatchSize(model, { train: makeLoader() });
    expect([reason, trials.map(({ batchSize }) => batchSize)]).toEqual(["memory", [2]]);
    expect(weightsOf(model)).toEqual(before);
    expect([state.profiling, state.numBytes]).toEqual([false, numBytes]);
    expect(Object.getOwnPropertyDescriptor(state, "numBytes")).toHaveProperty("writable", true);
  });

  test("is thrown as it is", async () => {
    class Broken extends Net {
      override trainingStep(): tf.Scalar {
        return tf.engine().runKernel("Broken", {});
      }
    }
    const search = new SizingTrainer(quiet).findBatchSize(new Broken(), { train: makeLoader() });
    await expect(search).rejects.toThrow("my own kernel's fault");
  });
});

test.each([
  "Requested texture size [4x70000] greater than WebGL maximum on this browser / GPU [16384x16384].",
  "Unable to create WebGLTexture.",
  "Array buffer allocation failed",
  "Invalid typed array length: 9007199254740991",
  "Aborted(OOM)",
])("%s: is out of memory", async (message) => {
  class Full extends Net {
    override trainingStep(batch: Batch): tf.Scalar {
      if (batch.xs.shape[0] !== 2) throw new RangeError(message);
      return super.trainingStep(batch);
    }
  }
  const { reason } = await new SizingTrainer(quiet).findBatchSize(new Full(), { train: makeLoader() });
  expect(reason).toBe("memory");
});

describe("data", () => {
  test("with dropLast ends the search", async () => {
    const data = { train: new DataLoader(fields, { dropLast: true }) };
    const trainer = new SizingTrainer(quiet);
    const { reason, trials } = await trainer.findBatchSize(new Net(), data, { initial: 300, tolerance: 0 });
    expect([reason, trials.map(({ batchSize }) => batchSize)]).toEqual(["data", [300, 600]]);
  });

  test("of a DataModule is set up once, also if the DataModule has a property `train`", async () => {
    const model = new Net();
    const calls: string[] = [];
    class Rows extends DataModule {
      readonly train = fields;
      override prepareData() {
        calls.push("prepareData");
      }
      override setup() {
        calls.push("setup");
      }
      override teardown() {
        calls.push("teardown");
      }
      override trainDataloader() {
        return new DataLoader(this.train, { batchSize: model.hparams.batchSize });
      }
    }
    const { trials } = await new SizingTrainer(quiet).findBatchSize(model, new Rows(), { maxTrials: 3 });
    expect(trials.map(({ batchSize }) => batchSize)).toEqual([2, 4, 8]);
    expect(calls).toEqual(["prepareData", "setup"]);
    calls.length = 0;
    await new SizingTrainer({ ...quiet, maxEpochs: 1, autoBatchSize: true }).fit(model, new Rows());
    expect(calls).toEqual(["prepareData", "setup", "teardown"]);
  });

  test("must not be kept by trainDataloader", async () => {
    class Keeping extends Net {
      loader: ReturnType<typeof makeLoader> | undefined;
      override trainDataloader() {
        return (this.loader ??= makeLoader(this.hparams.batchSize));
      }
    }
    const search = new SizingTrainer(quiet).findBatchSize(new Keeping());
    await expect(search).rejects.toThrow("it gave 2 examples");
  });
});

test("a batch size that can't be written is refused before the search", async () => {
  const model = new Net();
  Object.freeze(model.hparams);
  const fit = new SizingTrainer({ ...quiet, autoBatchSize: true }).fit(model, { train: makeLoader() });
  await expect(fit).rejects.toThrow("`hparams.batchSize` can't be written");
  expect(model.sizes).toEqual([]);
});

test.each([
  ["INVALID_DATA", new Net(), null],
  ["INVALID_DATA", new Net(), makeLoader()],
  ["UNKNOWN_OPTION", new Net(), { train: makeLoader(), valid: makeLoader() }],
  ["INVALID_MODULE", null, { train: makeLoader() }],
  ["INVALID_MODULE", 3, undefined],
] as const)("%s is the error for %o with %o", async (code, model, data) => {
  const error = await new SizingTrainer(quiet)
    .findBatchSize(model as Net, data as { train: DataLoader })
    .catch((thrown: unknown) => thrown as FulmineError);
  expect(error).toHaveProperty("code", code);
});
