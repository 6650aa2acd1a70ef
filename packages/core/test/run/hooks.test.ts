import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { silentDisplay, Trainer, type Batch, type Callback, type HookName, type Logger } from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import { makeFitData, makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("hooks", () => {
  test("come in Lightning's order, callbacks before the module, each awaited", async () => {
    const trace: string[] = [];
    const names: HookName[] = [
      "setup",
      "onFitStart",
      "onSanityCheckStart",
      "onSanityCheckEnd",
      "onTrainStart",
      "onTrainEpochStart",
      "onTrainBatchStart",
      "onBeforeZeroGrad",
      "onBeforeBackward",
      "onAfterBackward",
      "onBeforeOptimizerStep",
      "onTrainBatchEnd",
      "onValidationStart",
      "onValidationEpochStart",
      "onValidationBatchStart",
      "onValidationBatchEnd",
      "onValidationEpochEnd",
      "onValidationEnd",
      "onTrainEpochEnd",
      "onTrainEnd",
      "onFitEnd",
      "teardown",
      "onException",
    ];
    const record = (who: string): Callback =>
      Object.fromEntries(
        names.map((name) => [
          name,
          async () => {
            await new Promise((resolve) => setTimeout(resolve, who === "first" ? 2 : 0));
            trace.push(`${who} ${name}`);
          },
        ]),
      );
    class Traced extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        trace.push("module trainingStep");
        return super.trainingStep(batch, batchIdx);
      }
      override onTrainBatchEnd(): void {
        trace.push("module onTrainBatchEnd");
      }
    }
    const trainer = new Trainer({ ...quiet, maxEpochs: 1, callbacks: [record("first"), record("second")] });
    await trainer.fit(makeTiny(Traced), { train: makeLoader({ size: 16 }), val: makeLoader({ size: 16 }) });

    const both = (name: string): string[] => [`first ${name}`, `second ${name}`];
    expect(trace).toEqual([
      ...both("setup"),
      ...both("onFitStart"),
      ...both("onSanityCheckStart"),
      ...both("onValidationStart"),
      ...both("onValidationEpochStart"),
      ...both("onValidationBatchStart"),
      ...both("onValidationBatchEnd"),
      ...both("onValidationEpochEnd"),
      ...both("onValidationEnd"),
      ...both("onSanityCheckEnd"),
      ...both("onTrainStart"),
      ...both("onTrainEpochStart"),
      ...both("onTrainBatchStart"),
      ...both("onBeforeZeroGrad"),
      ...both("onBeforeBackward"),
      "module trainingStep",
      ...both("onAfterBackward"),
      ...both("onBeforeOptimizerStep"),
      ...both("onTrainBatchEnd"),
      "module onTrainBatchEnd",
      ...both("onValidationStart"),
      ...both("onValidationEpochStart"),
      ...both("onValidationBatchStart"),
      ...both("onValidationBatchEnd"),
      ...both("onValidationEpochEnd"),
      ...both("onValidationEnd"),
      ...both("onTrainEpochEnd"),
      ...both("onTrainEnd"),
      ...both("onFitEnd"),
      ...both("teardown"),
    ]);
  });

  test("an error in one goes through onException and teardown, and the Trainer can be used again", async () => {
    const trace: string[] = [];
    let isBroken = true;
    const callback: Callback = {
      onTrainBatchEnd() {
        if (isBroken) throw new Error("broken callback");
      },
      onException: (_trainer, _module, error) => void trace.push(`onException ${String(error)}`),
      teardown: () => void trace.push("teardown"),
    };
    const trainer = new Trainer({ ...quiet, maxEpochs: 1, callbacks: [callback] });
    const model = makeTiny(TinyModule);
    const before = tf.memory().numTensors;
    await expect(trainer.fit(model, makeFitData())).rejects.toThrow("broken callback");
    expect(trace).toEqual(["onException Error: broken callback", "teardown"]);
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    isBroken = false;
    expect((await trainer.fit(model, makeFitData())).status).toBe("finished");
  });

  test("of several errors the first is the run's, and those that come of ending it are shown", async () => {
    const warnings: string[] = [];
    class Shown extends Trainer {
      protected override readonly platform: Platform = {
        ...portablePlatform,
        display: { ...silentDisplay(), warn: (text) => void warnings.push(text) },
      };
    }
    const fail = (what: string) => () => Promise.reject(new Error(what));
    const logger: Logger = {
      logMetrics: () => undefined,
      logHyperparams: () => undefined,
      finalize: fail("fourth"),
    };
    const callback: Callback = {
      onTrainBatchEnd: fail("first"),
      onException: fail("second"),
      teardown: fail("third"),
    };
    const trainer = new Shown({ ...quiet, maxEpochs: 1, callbacks: [callback], logger });
    await expect(trainer.fit(makeTiny(TinyModule), makeFitData())).rejects.toThrow("first");
    expect(warnings).toEqual([
      "A logger's finalize failed too: Error: fourth",
      "onException failed too: Error: second",
      "teardown failed too: Error: third",
    ]);
    const ending = new Shown({ ...quiet, maxEpochs: 1, callbacks: [{ teardown: fail("alone") }] });
    await expect(ending.fit(makeTiny(TinyModule), makeFitData())).rejects.toThrow("alone");
    expect(warnings).toHaveLength(3);
  });

  test("observers see the same moments, and one that throws disturbs nobody", async () => {
    const trainer = new Trainer({ ...quiet, maxEpochs: 2 });
    const heard: number[] = [];
    trainer.events.on("onTrainEpochEnd", () => {
      throw new Error("bad listener");
    });
    trainer.events.on("onTrainEpochEnd", () => Promise.reject(new Error("bad promise")));
    trainer.events.on("onTrainEpochEnd", () => heard.push(trainer.currentEpoch));
    const once = (): void => void heard.push(100);
    trainer.events.once("onFitEnd", once);
    trainer.events.on("onFitStart", once);
    trainer.events.off("onFitStart", once);
    await trainer.fit(makeTiny(TinyModule), makeFitData());
    expect(heard).toEqual([0, 1, 100]);
  });
});
