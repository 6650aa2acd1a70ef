import type * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { FulmineError, Trainer as CoreTrainer, type Batch } from "@fulmine/core";
import { findLr, withLrFinder, type FindLrOptions } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";
import { refusedOptions } from "./support/refusedOptions.js";

const Trainer = withLrFinder(CoreTrainer);

describe("a search refuses", () => {
  test.each(refusedOptions)("%s before the first step", async (_, options, message) => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const trainer = new Trainer({ enableProgressBar: false, seed: 1 });
    const data = { train: makeLoader() };
    const given = options as FindLrOptions;
    const error: unknown = await findLr(trainer, makeTiny(Counting), data, given).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FulmineError);
    expect((error as Error).message).toContain(message);
    await expect(trainer.findLr(makeTiny(Counting), data, given)).rejects.toThrow(message);
    expect(steps).toBe(0);
  });
});
