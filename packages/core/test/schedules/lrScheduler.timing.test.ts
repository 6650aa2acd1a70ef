import type * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  sgd,
  Trainer,
  type Batch,
  type Callback,
  type Checkpoint,
  type FitData,
  type OptimizerConfig,
  type ScheduleRule,
  type TrainerOptions,
} from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 } as const;

/** A module whose validations log 1, 2, 3, and whose schedule remembers what it was given at each step. */
class Watched extends TinyModule {
  validations = 0;
  readonly seen: (readonly [step: number, metric: number | undefined])[] = [];
  frequency = 1;

  override onValidationEpochStart(): void {
    this.validations += 1;
  }
  override validationStep(batch: Batch): tf.Tensor {
    this.log("validation", this.validations);
    return super.validationStep(batch);
  }
  override configureOptimizers(): OptimizerConfig {
    const { seen, frequency } = this;
    const schedule: ScheduleRule = {
      name: "watcher",
      next: ({ lr, metric }) => {
        seen.push([this.trainer?.globalStep ?? 0, metric]);
        return { lr };
      },
    };
    return { optimizer: sgd({ lr: 0.01 }), schedule, interval: "step", frequency, monitor: "validation" };
  }
}

const sized = (): FitData<Batch> => ({ train: makeLoader(), val: makeLoader({ shuffle: false, size: 32 }) });

/** The same batches from a source that does not tell how many there are. */
function unsized(): FitData<Batch> {
  const { train, val } = sized();
  return {
    train: { [Symbol.asyncIterator]: () => (train as AsyncIterable<Batch>)[Symbol.asyncIterator]() },
    val: val as never,
  };
}

interface Scene {
  readonly frequency: number;
  readonly options?: TrainerOptions;
  readonly data?: FitData<Batch>;
  readonly checkpoint?: Checkpoint;
  readonly validations?: number;
}

async function seenIn({
  frequency,
  options,
  data = sized(),
  checkpoint,
  validations = 0,
}: Scene): Promise<Watched["seen"]> {
  const model = Object.assign(makeTiny(Watched), { frequency, validations });
  const trainer = new Trainer({ ...quiet, maxEpochs: 2, numSanityValSteps: 0, ...options });
  await trainer.fit(model, data, checkpoint === undefined ? {} : { checkpoint });
  trainer.dispose();
  return model.seen;
}

describe("a schedule by the step that watches a metric", () => {
  const wanted = [
    [3, 1],
    [6, 2],
    [9, 3],
    [12, 4],
  ];

  test("moves after the validation of its own step within an epoch", async () => {
    expect(await seenIn({ frequency: 3, options: { valCheckInterval: 3 } })).toEqual(wanted);
  });

  test.each([
    ["told", sized],
    ["not told", unsized],
  ])(
    "moves after the validation at the end of the epoch, where the number of batches is %s",
    async (_, data) => {
      expect(await seenIn({ frequency: 6, data: data() })).toEqual([
        [6, 1],
        [12, 2],
      ]);
    },
  );

  test("moves after the step that a short last window of accumulated gradients takes", async () => {
    const options = { accumulateGradBatches: 4 };
    expect(await seenIn({ frequency: 2, options, data: unsized() })).toEqual([
      [2, 1],
      [4, 2],
    ]);
  });

  test("moves once for each step when a run goes on from a checkpoint made before its move", async () => {
    for (const hook of ["onTrainBatchEnd", "onValidationEnd"] as const) {
      const saved: { checkpoint?: Checkpoint; validations?: number } = {};
      const saver: Callback = {
        async [hook](trainer: Trainer, module: object) {
          if (trainer.globalStep !== 6 || saved.checkpoint !== undefined) return;
          saved.checkpoint = await trainer.checkpoint();
          saved.validations = (module as Watched).validations;
        },
      };
      const scene = { frequency: 3, options: { valCheckInterval: 3 } };
      await seenIn({ ...scene, options: { ...scene.options, callbacks: [saver] } });
      expect(await seenIn({ ...scene, ...saved })).toEqual(wanted.slice(1));
    }
  });

  test("moves in the resumed run when Ctrl-C came before the validation", async () => {
    const stop = new AbortController();
    const saved: { checkpoint?: Checkpoint; validations?: number } = {};
    const stopper: Callback = {
      onTrainBatchEnd: ({ globalStep }) => void (globalStep === 6 && stop.abort()),
      async onTrainEnd(trainer, module) {
        saved.checkpoint = await trainer.checkpoint();
        saved.validations = (module as Watched).validations;
      },
    };
    const options = { callbacks: [stopper], signal: stop.signal };
    expect(await seenIn({ frequency: 6, options, data: unsized() })).toEqual([]);
    expect(await seenIn({ frequency: 6, ...saved, data: unsized() })).toEqual([
      [6, 1],
      [12, 2],
    ]);
  });

  test("refuses a metric that no validation has given by then, and says how to wait for it", async () => {
    await expect(seenIn({ frequency: 1 })).rejects.toThrow(/`validation`.*frequency/);
  });
});
