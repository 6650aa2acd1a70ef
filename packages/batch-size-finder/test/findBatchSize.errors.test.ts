import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Batch } from "@fulmine/core";
import { makeLoader, Net, quiet, SizingTrainer, weightsOf } from "./support/net.js";

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
