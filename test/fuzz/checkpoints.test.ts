import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, expect } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, FulmineError, type Checkpoint } from "@fulmine/core";
import { fileOf } from "../../packages/core/test/support/checkpointContents.js";
import { makeTiny, weightsOf } from "../../packages/core/test/support/tinyModule.js";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { mutate, mutation } from "./support/mutation.js";
import { property } from "./support/property.js";
import {
  data,
  StatefulTraining,
  thirdCheckpoint,
  trainerTo,
} from "../../packages/core/test/support/statefulTraining.js";

let model: StatefulTraining;
let checkpoint: Checkpoint;
let contents: { readonly tree: object; readonly body: Uint8Array };
let weights: number[][];

beforeAll(async () => {
  model = makeTiny(StatefulTraining);
  ({ checkpoint, contents } = await thirdCheckpoint(model));
  weights = weightsOf(model);
});

/** Puts the module back, so that all cases begin alike. */
function putBack(): void {
  const now = model.net.getWeights();
  tf.tidy(() => model.net.setWeights(now.map(({ shape }, at) => tf.tensor(weights[at] ?? [], shape))));
  for (const key of Object.keys(model.hparams)) Reflect.deleteProperty(model.hparams, key);
  model.hparams.lr = 0.01;
}

/** Goes on from a checkpoint; one that is refused must have changed nothing. */
async function goOnFrom(given: string | Checkpoint): Promise<void> {
  putBack();
  const trainer = trainerTo(2);
  try {
    await trainer.fit(model, data, { checkpoint: given });
  } catch (error) {
    expect(isDeepStrictEqual([weightsOf(model), model.hparams], [weights, { lr: 0.01 }])).toBe(true);
    throw error;
  } finally {
    trainer.dispose();
    expect(Object.getPrototypeOf(model.hparams)).toBe(Object.prototype);
  }
}

property(
  "a file whose checksum fits and whose contents do not is refused before anything is changed, or loads",
  80,
  fc.array(mutation, { minLength: 1, maxLength: 2 }),
  async (mutations) => {
    const tree = structuredClone(contents.tree);
    for (const each of mutations) mutate(tree, each);
    await goOnFrom(await decodeCheckpoint(await fileOf(tree, contents.body)));
  },
  (end) => {
    if (end !== "done") expect(end).toMatchObject({ code: "INVALID_CHECKPOINT" });
  },
);

property(
  "a checkpoint that was changed in memory is refused before anything is changed, or loads",
  30,
  fc.tuple(mutation, fc.boolean()),
  async ([change, isEncoded]) => {
    const changed = structuredClone(checkpoint);
    mutate(changed, change);
    await goOnFrom(isEncoded ? await decodeCheckpoint(await encodeCheckpoint(changed)) : changed);
  },
  (end) => {
    if (end instanceof FulmineError) expect(["INVALID_CHECKPOINT", "INVALID_FIELD"]).toContain(end.code);
  },
);

property("what is no checkpoint is refused", 45, hostile, async (make) => {
  const value: unknown = make();
  const given = value as never;
  const trainer = trainerTo(1);
  await endOf(() => encodeCheckpoint(given));
  await expect(decodeCheckpoint(given)).rejects.toBeInstanceOf(FulmineError);
  await endOf(() => encodeCheckpoint({ ...checkpoint, extra: { value } }));
  if (value !== undefined)
    await expect(trainer.fit(model, data, { checkpoint: given })).rejects.toBeInstanceOf(FulmineError);
  await endOf(() => trainer.saveCheckpoint(given));
});
