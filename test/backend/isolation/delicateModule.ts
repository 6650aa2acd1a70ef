import * as tf from "@tensorflow/tfjs";
import {
  adam,
  cosineAnnealingLr,
  type Batch,
  type LrScheduler,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { makePoints, TinyModule } from "../../../packages/core/test/support/tinyModule.js";

/** Observations of a module's runs. Isolation restores plain data only, so a class instance keeps what it counts. */
export class Observations {
  isSearching = false;
  /** The training steps of the search. */
  steps = 0;
  /** The sum of each batch that the fit trained on. */
  readonly batches: number[] = [];
  /** The training losses of the fit. */
  readonly losses: number[] = [];
  /** The calls that callbacks and loggers received during a search. */
  readonly heard: string[] = [];
  /** The schedule of the running fit. */
  scheduler: LrScheduler | null = null;
  /** Ends a search in a scenario's way. */
  disturb: (step: number, at: "step" | "hook") => void = () => undefined;
  /** Multiplies the loss during a search. */
  lossFactor = 1;
}

/** A module with all state that a careless search would change: BatchNorm, dropout, a persistent Adam, a schedule, counters. */
export class DelicateModule extends TinyModule {
  readonly optimizer: Optimizer = adam({ lr: 1e-2 });
  counter = 0;
  readonly batchIndices: number[] = [];

  constructor(readonly observed: Observations) {
    super({ lr: 1e-2 });
  }

  override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
    const { observed } = this;
    this.batchIndices.push(batchIdx);
    if (observed.isSearching) observed.disturb(observed.steps, "step");
    const loss = super.trainingStep(batch, batchIdx);
    return observed.isSearching ? tf.mul(loss, observed.lossFactor) : loss;
  }

  override async onTrainBatchStart(batch: unknown): Promise<void> {
    this.counter += 1;
    const { observed } = this;
    if (observed.isSearching) observed.steps += 1;
    else
      observed.batches.push([...(await (batch as Batch).xs.data())].reduce((sum, value) => sum + value, 0));
  }

  override onTrainBatchEnd({ loss }: { readonly loss: number }): void {
    if (this.observed.isSearching) this.observed.disturb(this.observed.steps, "hook");
    else this.observed.losses.push(loss);
  }

  override configureOptimizers(): OptimizerConfig {
    return { optimizer: this.optimizer, schedule: cosineAnnealingLr({ period: 40 }), interval: "step" };
  }
}

/** The points in batches that can be read only once. */
export function* readOnce(size = 480): Generator<Batch> {
  const { xs, ys } = makePoints(size);
  for (let row = 0; row < size; row += 16) {
    const batch = {
      xs: tf.tensor2d(xs.values.slice(row * 4, row * 4 + 64), [16, 4]),
      ys: tf.tensor1d(ys.slice(row, row + 16), "int32"),
    };
    try {
      yield batch;
    } finally {
      tf.dispose(batch);
    }
  }
}
