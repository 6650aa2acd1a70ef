import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  fromLayers,
  fromTfjsCallback,
  Module,
  sgd,
  Trainer,
  type Batch,
  type OptimizerConfig,
} from "@fulmine/core";
import { type TfjsLogs } from "@fulmine/core/plugin";
import { scripted, sixAndThree } from "../support/scripted.js";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("a callback of TensorFlow.js", () => {
  const batch = { xs: tf.ones([4, 1]), ys: tf.ones([4, 1]) };

  test.each(["without held-out data", "without a sanity check"])(
    "stops a Sequential that was never compiled nor applied, %s",
    async (how) => {
      const net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      const callback = fromTfjsCallback({
        onEpochEnd(epoch) {
          if (epoch === 1) net.stopTraining = true;
        },
      });
      const trainer = new Trainer({ ...quiet, maxEpochs: 5, numSanityValSteps: 0, callbacks: [callback] });
      const val = how === "without a sanity check" ? { val: [batch] } : {};
      const module = fromLayers(net, { loss: "meanSquaredError" });
      expect(await trainer.fit(module, { train: [batch], ...val })).toMatchObject({ epochs: 2 });
    },
  );

  test("stops by a stand-in where the inputs of a Sequential are not known yet", async () => {
    class Late extends Module {
      readonly net = tf.sequential();
      readonly w = tf.variable(tf.scalar(1));
      trainingStep(): tf.Tensor {
        return tf.square(this.w);
      }
      configureOptimizers(): OptimizerConfig {
        return sgd({ lr: 0.1 });
      }
    }
    class Stopping extends tf.Callback {
      override onEpochEnd(): Promise<void> {
        this.model.stopTraining = true;
        return Promise.resolve();
      }
    }
    const trainer = new Trainer({ ...quiet, maxEpochs: 5, callbacks: [fromTfjsCallback(new Stopping())] });
    expect(await trainer.fit(new Late(), { train: [batch] as never })).toMatchObject({ epochs: 1 });
  });

  test("is refused when one of its hooks is no function", () => {
    const odd = { onEpochEnd: () => undefined, onTrainBegin: "hello" };
    expect(() => fromTfjsCallback(odd as never)).toThrow("takes a tf.Callback or an object of its hooks");
  });

  test("hears of a fit in its own order, with its own names", async () => {
    const heard: string[] = [];
    const hear = (name: string) => (at?: number | TfjsLogs, batch?: number | TfjsLogs, logs?: TfjsLogs) => {
      const given = [at, batch, logs].map((value) =>
        typeof value === "object" ? Object.keys(value).sort().join(" ") : String(value),
      );
      heard.push(`${name} ${given.filter((text) => text !== "undefined").join(" | ")}`.trim());
    };
    const names = [
      "onTrainBegin",
      "onTrainEnd",
      "onEpochBegin",
      "onEpochEnd",
      "onBatchBegin",
      "onBatchEnd",
      "onYield",
    ];
    const callback = fromTfjsCallback(Object.fromEntries(names.map((name) => [name, hear(name)])));
    await new Trainer({ ...quiet, maxEpochs: 1, callbacks: [callback] }).fit(makeTiny(TinyModule), {
      train: makeLoader({ size: 32 }),
      val: makeLoader({ size: 16 }),
    });
    expect(heard).toEqual([
      "onTrainBegin",
      "onEpochBegin 0",
      "onBatchBegin 0 | batch size",
      "onBatchEnd 0 | batch loss size",
      "onYield 0 | 0 | batch loss size",
      "onBatchBegin 1 | batch size",
      "onBatchEnd 1 | batch loss size",
      "onYield 0 | 1 | batch loss size",
      "onEpochEnd 0 | loss train_loss val_loss",
      "onTrainEnd",
    ]);
  });

  test("gets the epoch's mean loss even when nobody logs it", async () => {
    class Silent extends Module {
      readonly w = tf.variable(tf.scalar(0));
      trainingStep({ xs }: Batch): tf.Tensor {
        return tf.add(tf.mul(this.w, 0), xs.shape[0]);
      }
      configureOptimizers(): OptimizerConfig {
        return sgd({ lr: 0.1 });
      }
    }
    const logs: (TfjsLogs | undefined)[] = [];
    const callback = fromTfjsCallback({ onEpochEnd: (_epoch, given) => void logs.push(given) });
    await new Trainer({ ...quiet, maxEpochs: 1, callbacks: [callback] }).fit(new Silent(), {
      train: makeLoader({ size: 24 }),
    });
    expect(logs).toEqual([{ loss: expect.closeTo((16 * 16 + 8 * 8) / 24, 5) as number }]);
  });

  test("stops training when it is tf's own early stopping, with the module's model or without", async () => {
    for (const net of [undefined, tf.layers.dense({ units: 1 })]) {
      const stopping = fromTfjsCallback(
        tf.callbacks.earlyStopping({ monitor: "score", patience: 2, mode: "min" }),
      );
      const module = scripted([3, 2, 4, 5, 1]);
      // A layer is no model, so that there is none.
      if (net !== undefined) hide(module, "net");
      const trainer = new Trainer({ ...quiet, maxEpochs: 9, callbacks: [stopping] });
      expect(await trainer.fit(module, sixAndThree())).toMatchObject({ epochs: 4, status: "stopped" });
    }
  });

  test("gets the model, and `val_acc` of a tf.layers model that is trained", async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [4], units: 3, activation: "softmax" })],
    });
    const keys = new Set<string>();
    class Looking extends tf.Callback {
      override async onEpochEnd(_epoch: number, logs?: TfjsLogs): Promise<void> {
        for (const key of Object.keys(logs ?? {})) keys.add(key);
        this.model.stopTraining = this.model === model;
      }
    }
    const module = fromLayers(model, {
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const trainer = new Trainer({ ...quiet, maxEpochs: 9, callbacks: [fromTfjsCallback(new Looking())] });
    expect((await trainer.fit(module, sixAndThree())).epochs).toBe(1);
    expect([...keys]).toEqual(expect.arrayContaining(["loss", "acc", "val_loss", "val_acc"]));
  });

  test("may be a tf.CustomCallback", async () => {
    let epochs = 0;
    const callback = fromTfjsCallback(new tf.CustomCallback({ onEpochEnd: () => void epochs++ }));
    await new Trainer({ ...quiet, maxEpochs: 3, callbacks: [callback] }).fit(
      makeTiny(TinyModule),
      sixAndThree(),
    );
    expect(epochs).toBe(3);
  });

  test("is refused when it has no hook", () => {
    expect(() => fromTfjsCallback({})).toThrow(
      "`fromTfjsCallback` takes a tf.Callback or an object of its hooks",
    );
  });
});

/** Keeps a module's property out of sight of whoever goes through all of them, with its parts in sight. */
function hide(module: TinyModule, name: "net"): void {
  Object.assign(module, { parts: module.net.layers });
  Object.defineProperty(module, name, { value: module.net, enumerable: false });
}
