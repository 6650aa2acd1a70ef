import type * as tf from "@tensorflow/tfjs";
import { seeded, type Batch } from "@fulmine/core";
import { makeLoader, TinyModule } from "./tinyModule.js";

/** A module whose `score` is told beforehand: one value per epoch, logged by validation, or by training. */
export class Scripted extends TinyModule {
  scores: readonly number[] = [];
  logs: "validation" | "training" | "nothing" = "validation";

  override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
    if (this.logs === "training") this.#log({ onStep: false, onEpoch: true });
    return super.trainingStep(batch, batchIdx);
  }

  override validationStep(batch: Batch): tf.Tensor {
    if (this.logs === "validation") this.#log({});
    return super.validationStep(batch);
  }

  #log(options: { readonly onStep?: boolean; readonly onEpoch?: boolean }): void {
    this.log("score", this.scores[this.trainer?.currentEpoch ?? 0] ?? 0, options);
  }
}

/** A module that is equal each time, with its scores. */
export function scripted(scores: readonly number[], logs: Scripted["logs"] = "validation"): Scripted {
  return seeded(7, () => Object.assign(new Scripted({ lr: 1e-2 }), { scores, logs }));
}

/** Six training batches and three held-out ones, always the same. */
export const sixAndThree = (): {
  train: ReturnType<typeof makeLoader>;
  val: ReturnType<typeof makeLoader>;
} => ({ train: makeLoader(), val: makeLoader({ shuffle: false, size: 48 }) });
