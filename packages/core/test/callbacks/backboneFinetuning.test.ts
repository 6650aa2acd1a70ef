import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  BackboneFinetuning,
  exponentialLr,
  findVariables,
  Module,
  seeded,
  Trainer,
  type BackboneFinetuningOptions,
  type Batch,
  type Callback,
  type Checkpoint,
  type OptimizerConfig,
} from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 4 } as const;

class TwoParts extends Module {
  readonly backbone = tf.layers.dense({ units: 8, activation: "tanh" });
  readonly head = tf.layers.dense({ units: 3 });
  isScheduled = false;
  isMixed = false;

  constructor() {
    super();
    this.backbone.build([null, 4]);
    this.head.build([null, 8]);
  }

  trainingStep({ xs, ys }: Batch): tf.Tensor {
    const logits = this.head.apply(this.backbone.apply(xs)) as tf.Tensor2D;
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 3), logits);
  }

  configureOptimizers(): OptimizerConfig {
    const [head, backbone] = [this.head, this.backbone].map((part) => ({
      params: findVariables(part).trainable,
    }));
    if (head === undefined || backbone === undefined) throw new Error("no parts");
    const optimizer = this.isMixed
      ? adam({ lr: 0.01 })
      : adam({ lr: 0.01, weightDecay: 0.1, groups: [head, backbone] });
    return this.isScheduled ? { optimizer, schedule: exponentialLr({ gamma: 0.5 }) } : optimizer;
  }
}

const make = (settings: Partial<TwoParts> = {}): TwoParts =>
  Object.assign(
    seeded(3, () => new TwoParts()),
    settings,
  );
const valuesOf = (layer: tf.layers.Layer): number[][] => layer.getWeights().map((w) => [...w.dataSync()]);

/** The backbone's rate in each epoch (`null` while it is not trained), and whether its weights moved. */
async function watch(
  given: BackboneFinetuningOptions,
  module = make(),
): Promise<{ rates: (number | null)[]; moved: boolean[] }> {
  const rates: (number | null)[] = [];
  const moved: boolean[] = [];
  let before = "";
  const watcher: Callback = {
    onTrainEpochStart: () => void (before = JSON.stringify(valuesOf(module.backbone))),
    onTrainEpochEnd(trainer) {
      const group = trainer.optimizers[0]?.paramGroups[1];
      rates.push(group?.params?.length === 0 ? null : (group?.lr ?? null));
      moved.push(JSON.stringify(valuesOf(module.backbone)) !== before);
    },
  };
  const callbacks = [new BackboneFinetuning(given), watcher];
  const trainer = new Trainer({ ...quiet, callbacks });
  await trainer.fit(module, { train: sixAndThree().train });
  trainer.dispose();
  return { rates, moved };
}

describe("the backbone", () => {
  test("stands still until its epoch, then learns at a rate that grows to the head's", async () => {
    const { rates, moved } = await watch({ unfreezeBackboneAtEpoch: 1, backboneInitialRatioLr: 0.3 });
    expect(moved).toEqual([false, true, true, true]);
    expect(rates).toEqual([null, 0.003, 0.006, 0.01]);
  });

  test("may begin at a rate of its own, grow otherwise and pass the head's", async () => {
    const own = {
      unfreezeBackboneAtEpoch: 1,
      backboneInitialLr: 0.005,
      lambdaFunc: () => 3,
      shouldAlign: false,
    };
    expect((await watch(own)).rates.map((rate) => rate && Number(rate.toFixed(6)))).toEqual([
      null,
      0.005,
      0.015,
      0.045,
    ]);
  });

  test("keeps its rate whatever a schedule says, though not above the head's", async () => {
    const own = { unfreezeBackboneAtEpoch: 1, backboneInitialRatioLr: 0.2 };
    const { rates } = await watch(own, make({ isScheduled: true }));
    // The head's rates are 0.01, 0.005, 0.0025 and 0.00125.
    expect(rates).toEqual([null, 0.001, 0.002, 0.00125]);
  });

  test("is trained from the start at epoch 0", async () => {
    expect((await watch({ unfreezeBackboneAtEpoch: 0 })).moved).toEqual([true, true, true, true]);
  });

  test("is the optimizer's again after a run that ended while it was frozen", async () => {
    const module = make();
    const trainer = new Trainer({ ...quiet, maxEpochs: 1, callbacks: [new BackboneFinetuning()] });
    await trainer.fit(module, { train: sixAndThree().train });
    expect(trainer.optimizers[0]?.params).toHaveLength(4);
  });
});

test.each([0, 1, 2])("fine-tuning goes on bit for bit from a checkpoint after epoch %i", async (epoch) => {
  const saved: Checkpoint[] = [];
  const save: Callback = { onTrainEpochEnd: async (trainer) => void saved.push(await trainer.checkpoint()) };
  const own = { unfreezeBackboneAtEpoch: 1 };
  const [whole, resumed] = [make(), make()];
  const train = (): { train: ReturnType<typeof sixAndThree>["train"] } => ({ train: sixAndThree().train });
  await new Trainer({ ...quiet, callbacks: [new BackboneFinetuning(own), save] }).fit(whole, train());
  const checkpoint = saved[epoch];
  if (checkpoint === undefined) throw new Error("nothing was saved");
  await new Trainer({ ...quiet, callbacks: [new BackboneFinetuning(own)] }).fit(resumed, train(), {
    checkpoint,
  });
  expect(valuesOf(resumed.backbone)).toEqual(valuesOf(whole.backbone));
  expect(valuesOf(resumed.head)).toEqual(valuesOf(whole.head));
});

describe("what does not fit is said before any step", () => {
  test("a backbone in one group with the head", async () => {
    await expect(watch({}, make({ isMixed: true }))).rejects.toThrow(
      "needs the backbone in a group of its own",
    );
  });

  test("a module without a backbone, and a backbone that is everything", async () => {
    await expect(watch({ backbone: () => undefined })).rejects.toThrow(
      "finds nothing to train in the backbone",
    );
    await expect(watch({ backbone: (module) => [module] })).rejects.toThrow("beside another");
  });

  test("wrong settings", () => {
    expect(() => new BackboneFinetuning({ unfreezeBackboneAtEpoch: -1 })).toThrow(
      "`unfreezeBackboneAtEpoch` of",
    );
  });
});
