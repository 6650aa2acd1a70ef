import * as tf from "@tensorflow/tfjs";
import {
  adam,
  decodeCheckpoint,
  encodeCheckpoint,
  HistoryLogger,
  stepLr,
  Trainer,
  type Batch,
  type Callback,
  type Checkpoint,
  type FitData,
  type HookName,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { makeTiny, TinyModule } from "./tinyModule.js";

/** A callback whose state matters: it counts how often a hook is called. */
function counter(stateKey: string, hook: HookName): Callback {
  let calls = 0;
  return {
    ...Object.fromEntries([[hook, () => void (calls += 1)]]),
    stateKey,
    stateDict: () => calls,
    loadStateDict: (state) => void (calls = Number(state)),
  };
}

/** BatchNorm, dropout, Adam, a schedule by the step, a validation that draws at random, and callbacks with a state. */
export class Delicate extends TinyModule {
  override configureCallbacks = (): Callback[] => [counter("epochs", "onTrainEpochStart")];

  override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
    this.log("batch", batchIdx);
    return super.trainingStep(batch, batchIdx);
  }
  override validationStep(batch: Batch): tf.Tensor {
    this.log("noise", tf.randomUniform([]));
    return super.validationStep(batch);
  }
  override configureOptimizers(): OptimizerConfig {
    return {
      optimizer: adam({ lr: this.hparams.lr }),
      schedule: stepLr({ stepSize: 2, gamma: 0.9 }),
      interval: "step",
    };
  }
}

/** Everything by which two runs can differ. */
export interface Outcome {
  readonly result: unknown;
  readonly rows: HistoryLogger["rows"];
  /** All that a checkpoint holds at the end, but for the names that TensorFlow.js makes up for variables. */
  readonly end: unknown;
}

/** How a run is made, each time from new parts. */
export interface Setup {
  readonly options: TrainerOptions;
  readonly data: () => FitData<Batch>;
}

/** When a checkpoint is made: the `nth` time that the hook is called, counted from 1. */
export interface Point {
  readonly hook: HookName;
  readonly nth: number;
}

async function run(
  setup: Setup,
  seed: number,
  callbacks: Callback[],
  checkpoint?: Checkpoint,
): Promise<Outcome> {
  const model = makeTiny(Delicate, seed);
  const logger = new HistoryLogger();
  let end: unknown = null;
  const last: Callback = {
    async onTrainEnd(trainer) {
      const { variables, optimizers, ...rest } = await trainer.checkpoint();
      end = {
        ...rest,
        variables: variables.map(({ value }) => value),
        optimizers: optimizers.map(({ params, ...others }) => ({
          ...others,
          params: params.map(({ shape, step, slots }) => ({ shape, step, slots })),
        })),
      };
    },
  };
  const trainer = new Trainer({
    ...{ enableProgressBar: false, logEveryNSteps: 1, logger, seed },
    ...setup.options,
    callbacks: [counter("batches", "onTrainBatchEnd"), ...callbacks, last],
  });
  const result = await trainer.fit(model, setup.data(), checkpoint === undefined ? {} : { checkpoint });
  trainer.dispose();
  return { result, rows: logger.rows, end };
}

/** A run that is never stopped. */
export function runThrough(setup: Setup): Promise<Outcome> {
  return run(setup, 1, []);
}

/**
 * A run that is stopped by an exception right after a checkpoint was made, and another, of all new parts and with another
 * seed, that goes on from it.
 */
export async function runInTwo(setup: Setup, { hook, nth }: Point): Promise<Outcome> {
  let calls = 0;
  const saved: Uint8Array[] = [];
  let rowsBefore: HistoryLogger["rows"] = [];
  const saver: Callback = Object.fromEntries([
    [
      hook,
      async (trainer: Trainer): Promise<void> => {
        calls += 1;
        if (calls !== nth) return;
        saved.push(await encodeCheckpoint(await trainer.checkpoint()));
        rowsBefore = [...(trainer.loggers[0] as HistoryLogger).rows];
        throw new Error("killed");
      },
    ],
  ]);
  const error: unknown = await run(setup, 1, [saver]).catch((reason: unknown) => reason);
  const [bytes] = saved;
  if (bytes === undefined) throw new Error(`no checkpoint at ${hook} ${nth}`, { cause: error });
  const rest = await run(setup, 2, [], await decodeCheckpoint(bytes));
  return { ...rest, rows: [...rowsBefore, ...rest.rows] };
}
