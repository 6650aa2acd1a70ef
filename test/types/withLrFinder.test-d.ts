import * as tf from "@tensorflow/tfjs";
import {
  adam,
  DataLoader,
  Module,
  Trainer as CoreTrainer,
  type Batch,
  type Callback,
  type TrainerView,
} from "@fulmine/core";
import { withLrFinder, type LrFinder } from "@fulmine/lr-finder";
import { withAccelerator } from "@fulmine/runtime";
import { expectTypeOf, test } from "vitest";

class Digits extends Module<{ lr: number; hidden: number }> {
  readonly net = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [64], units: this.hparams.hidden })],
  });
  trainingStep({ xs, ys }: Batch) {
    return tf.losses.softmaxCrossEntropy(ys, this.net.apply(xs, { training: true }) as tf.Tensor2D);
  }
  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}

const model = new Digits({ lr: 1e-3, hidden: 128 });
const train = new DataLoader({ xs: new Float32Array(10), ys: new Int32Array(10) });
const Finding = withLrFinder(CoreTrainer);

test("the mixin adds its option and its method, and keeps what was there", () => {
  const trainer = new Finding({ maxEpochs: 3, autoLrFind: "optim.lr" });
  expectTypeOf(trainer.findLr(model, { train })).resolves.toEqualTypeOf<LrFinder>();
  expectTypeOf(trainer.lrFinder).toEqualTypeOf<LrFinder | null>();
  expectTypeOf(trainer.globalStep).toBeNumber();
  expectTypeOf<Awaited<ReturnType<typeof trainer.fit>>>().toHaveProperty("status");
  // @ts-expect-error -- a mode that does not exist
  void trainer.findLr(model, { train }, { mode: "log" });
  void new Finding({ autoLrFind: { refine: true, optimizer: 1, field: "optim.lr" } });
  // @ts-expect-error -- a search has no such option
  void new Finding({ autoLrFind: { refined: true } });
  // @ts-expect-error -- an option that does not exist
  void new Finding({ autoLrFnd: true });
});

test("on the bare Trainer neither exists", () => {
  // @ts-expect-error -- comes with the mixin
  void new CoreTrainer({ autoLrFind: true });
  expectTypeOf(new CoreTrainer()).not.toHaveProperty("findLr");
});

test("mixins stack, and a class can extend them", () => {
  class Mine extends withAccelerator(withLrFinder(CoreTrainer)) {
    readonly extra = 1;
  }
  const trainer = new Mine({ accelerator: "cpu", autoLrFind: true, maxSteps: 3 });
  expectTypeOf(trainer.extra).toBeNumber();
  expectTypeOf(trainer.lrFinder).toEqualTypeOf<LrFinder | null>();
  // @ts-expect-error -- no such accelerator
  void new Mine({ accelerator: "tpu" });
});

test("hyperparameters are what the module says, and must be given", () => {
  expectTypeOf(model.hparams).toEqualTypeOf<{ lr: number; hidden: number }>();
  // @ts-expect-error -- `hidden` is missing
  void new Digits({ lr: 1 });
  // @ts-expect-error -- hyperparameters are missing
  void new Digits();
});

test("data must give the batches that the step takes", () => {
  const trainer = new CoreTrainer();
  void trainer.fit(model, { train });
  void trainer.fit(model, { train: tf.data.array([1, 2]) });
  // @ts-expect-error -- batches of numbers, not of tensors by name
  void trainer.fit(model, { train: [1, 2, 3] });
});

test("a callback's hooks get what the moment gives", () => {
  const callback = {
    onTrainBatchEnd(trainer, module, { loss }, _batch, batchIdx) {
      expectTypeOf(trainer).toEqualTypeOf<TrainerView>();
      expectTypeOf(module.hparams.hidden).toBeNumber();
      expectTypeOf([loss, batchIdx]).toEqualTypeOf<number[]>();
    },
  } satisfies Callback<Digits>;
  expectTypeOf(callback).toExtend<Callback>();
});
