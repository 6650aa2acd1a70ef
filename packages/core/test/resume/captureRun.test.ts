import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { Trainer, type Callback, type Checkpoint } from "@fulmine/core";
import { checkpointOf, codeOf, makeData, quiet } from "../support/checkpointOf.js";
import { makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

describe("making a checkpoint", () => {
  test("is refused outside of a fit and while gradients are accumulated", async () => {
    await expect(new Trainer(quiet).checkpoint()).rejects.toThrow(
      "A checkpoint can be made only during a fit.",
    );
    const save: Callback = { onTrainBatchEnd: async (trainer) => void (await trainer.checkpoint()) };
    const trainer = new Trainer({ ...quiet, accumulateGradBatches: 2, callbacks: [save] });
    expect(await codeOf(trainer.fit(makeTiny(TinyModule), makeData()))).toBe("INVALID_STATE");
  });

  test("changes nothing of the run, and leaves no tensor", async () => {
    const run = async (isSaving: boolean): Promise<number[][]> => {
      const model = makeTiny(TinyModule);
      const onTrainBatchEnd = async (trainer: Trainer): Promise<void> => {
        const tensors = tf.memory().numTensors;
        if (isSaving) await trainer.checkpoint();
        expect(tf.memory().numTensors).toBe(tensors);
      };
      await new Trainer({ ...quiet, callbacks: [{ onTrainBatchEnd }] }).fit(model, makeData());
      return weightsOf(model);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test("lets modules and callbacks put something in, and gives it back before anything is restored", async () => {
    const note: Callback = {
      onSaveCheckpoint: (_trainer, _module, { extra }) => void (extra["note"] = [1, "two"]),
    };
    const checkpoint = await checkpointOf(makeTiny(TinyModule), [note]);
    const heard: unknown[] = [];
    class Listening extends TinyModule {
      override onLoadCheckpoint({ extra }: Checkpoint): void {
        heard.push(extra["note"], weightsOf(this));
      }
    }
    const model = makeTiny(Listening, 9);
    const before = weightsOf(model);
    await new Trainer({ ...quiet, maxSteps: 2 }).fit(model, makeData(), { checkpoint });
    expect(heard).toEqual([[1, "two"], before]);
  });
});
