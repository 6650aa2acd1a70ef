import * as tf from "@tensorflow/tfjs";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeCheckpoint, FulmineError } from "@fulmine/core";
import { makeTiny, weightsOf } from "../support/tinyModule.js";
import { fileOf } from "../support/checkpointContents.js";
import { data, StatefulTraining, thirdCheckpoint, trainerTo } from "../support/statefulTraining.js";

const make = (): StatefulTraining => makeTiny(StatefulTraining);
describe("a file whose checksum fits and whose contents do not", () => {
  let contents: { readonly tree: object; readonly body: Uint8Array };
  beforeAll(async () => {
    ({ contents } = await thirdCheckpoint(make()));
  });

  /** Tries a file out: the code of the error, or how the fit ended. */
  async function outcomeOf(
    bytes: Uint8Array,
  ): Promise<{ outcome: string; hasMoved: boolean; leaked: number }> {
    const model = make();
    const before = weightsOf(model);
    const hparams = { ...model.hparams };
    const tensors = tf.memory().numTensors;
    const trainer = trainerTo(2);
    const outcome = await decodeCheckpoint(bytes)
      .then((checkpoint) => trainer.fit(model, data, { checkpoint }))
      .then(
        () => "loaded",
        (error: unknown) => (error instanceof FulmineError ? error.code : String((error as Error).stack)),
      );
    expect(Object.getPrototypeOf(model.hparams)).toBe(Object.prototype);
    const hasMoved = !isDeepStrictEqual([weightsOf(model), model.hparams], [before, hparams]);
    trainer.dispose();
    const leaked = tf.memory().numTensors - tensors;
    tf.dispose(model.net.weights.map((weight) => weight.read()));
    return { outcome, hasMoved, leaked };
  }

  test.each([
    ["empty", ""],
    ["cut off", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "5"],
    ["all but empty", '{"version":1}'],
    ["no JSON", "\u0000"],
    ["nested very deep", `{"version":1,"extra":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ])("is refused when its text is %s", async (_, text) => {
    expect((await outcomeOf(await fileOf(text, contents.body))).outcome).toBe("INVALID_CHECKPOINT");
  });

  test("is refused when the text would be longer than the file", async () => {
    const bytes = await fileOf(contents.tree, contents.body, 2 ** 32 - 1);
    expect((await outcomeOf(bytes)).outcome).toBe("INVALID_CHECKPOINT");
  });
});
