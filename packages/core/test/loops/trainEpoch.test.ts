import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { Module, sgd, Trainer, type Callback, type Optimizer, type TrainerOptions } from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1, maxEpochs: 1 } as const;

/** Fits a module, and returns the `steps` that `onTrainBatchEnd` tells for each batch. */
async function stepsOf<B>(
  module: Module<object, B>,
  train: AsyncIterable<B> | Iterable<B>,
  options: TrainerOptions = {},
): Promise<{ steps: number[]; globalStep: number }> {
  const steps: number[] = [];
  const callback: Callback = {
    onTrainBatchEnd: (_trainer, _module, outputs) => void steps.push(outputs.steps),
  };
  const trainer = new Trainer({ ...quiet, ...options, callbacks: [callback] });
  await trainer.fit(module, { train });
  trainer.dispose();
  return { steps, globalStep: trainer.globalStep };
}

test("onTrainBatchEnd tells one optimizer step for each batch", async () => {
  const told = await stepsOf(makeTiny(TinyModule), makeLoader());
  expect(told).toEqual({ steps: [1, 1, 1, 1, 1, 1], globalStep: 6 });
});

test("onTrainBatchEnd tells no step while gradients accumulate", async () => {
  const told = await stepsOf(makeTiny(TinyModule), makeLoader(), { accumulateGradBatches: 4 });
  expect(told).toEqual({ steps: [0, 0, 0, 1, 0, 1], globalStep: 2 });
});

test("onTrainBatchEnd tells all steps of a manually optimized batch", async () => {
  class Manual extends Module<object, number> {
    override readonly automaticOptimization: boolean = false;
    readonly w = tf.variable(tf.scalar(0));
    override async trainingStep(steps: number): Promise<void> {
      const [optimizer] = this.optimizers() as [Optimizer];
      for (let step = 0; step < steps; step++) {
        const { gradients } = this.manualBackward(() => tf.mul(this.w, 2), optimizer);
        await this.manualStep(optimizer, gradients);
      }
    }
    override configureOptimizers(): Optimizer {
      return sgd({ lr: 1 });
    }
  }
  expect(await stepsOf(new Manual(), [2, 0, 3])).toEqual({ steps: [2, 0, 3], globalStep: 5 });
});
