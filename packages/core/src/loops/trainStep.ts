import { dispose, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { batchSizeOf } from "../tensors/batch.js";
import { planTogether } from "../optim/plannedStep.js";
import type { TrainBatchOutputs } from "../hooks/moduleHooks.js";
import type { Run } from "../run/run.js";
import { backwardStep, stepOptimizer, type AccumulatedGradients } from "./backwardStep.js";
import { optimizeManually } from "./manualOptimization.js";
import { lossOf } from "../step/lossOf.js";

/** Trains batch by batch: accumulates gradients, and steps the optimizers once enough batches are accumulated. */
export class TrainStep<B> {
  readonly #run: Run<B>;
  readonly #params: Variable[];
  #accumulated: AccumulatedGradients = new Map();
  #batches = 0;
  /** The parameters that the loss depended on when a plan last did not fit; `null` while every plan has fitted. */
  #reached: ReadonlySet<Variable> | null = null;

  constructor(run: Run<B>) {
    this.#run = run;
    this.#params = [...new Set(run.optimizers.flatMap((optimizer) => optimizer.params))];
  }

  /** Whether accumulated gradients wait for an optimizer step. */
  get isAccumulating(): boolean {
    return this.#batches > 0;
  }

  /** Trains on one batch; with `isLast` the optimizers step even if fewer batches are accumulated. */
  async run(batch: B, batchIdx: number, isLast: boolean): Promise<TrainBatchOutputs> {
    const { isManual, state } = this.#run;
    state.metrics.beginStep("train", batchSizeOf(batch));
    return isManual ? optimizeManually(this.#run, batch, batchIdx) : this.#automatic(batch, batchIdx, isLast);
  }

  /** Steps the optimizers with the accumulated gradients; does nothing when there are none. */
  async flush(): Promise<void> {
    if (this.#batches === 0) return;
    const { optimizers, clipping } = this.#run;
    if (clipping !== null) {
      const clipped = clipping.clip(this.#accumulated);
      dispose([...this.#accumulated.values()]);
      this.#accumulated = clipped;
    }
    for (const optimizer of optimizers) await stepOptimizer(this.#run, optimizer, this.#accumulated);
    this.discard();
  }

  /** Drops the accumulated gradients. */
  discard(): void {
    dispose([...this.#accumulated.values()]);
    this.#accumulated = new Map();
    this.#batches = 0;
  }

  async #automatic(batch: B, batchIdx: number, isLast: boolean): Promise<TrainBatchOutputs> {
    const { hooks, optimizers, state } = this.#run;
    if (!this.isAccumulating)
      for (const optimizer of optimizers) await hooks.call("onBeforeZeroGrad", optimizer);
    await hooks.call("onBeforeBackward");
    const isDue = isLast || this.#batches + 1 >= state.accumulateGradBatches;
    const { loss, isStepped } = this.#backward(batch, batchIdx, isDue);
    try {
      await hooks.call("onAfterBackward");
      if (isDue && !isStepped) await this.flush();
      const value = (await loss.data())[0] ?? NaN;
      await state.metrics.readBack();
      state.metrics.recordLoss(value);
      return { loss: value, steps: isDue ? 1 : 0 };
    } finally {
      loss.dispose();
    }
  }

  /** Computes loss and gradients; includes the optimizers' step when it is due and no hook listens in between. */
  #backward(batch: B, batchIdx: number, isDue: boolean): { loss: Tensor; isStepped: boolean } {
    const { hooks, module, optimizers, runner } = this.#run;
    const isBetween = hooks.isHeard("onAfterBackward") || hooks.isHeard("onBeforeOptimizerStep");
    const planned = isDue && !isBetween ? planTogether(optimizers, this.#reached) : null;
    const before = this.#accumulated;
    const { tensors, notes } = runner.run(
      backwardStep(this.#run, {
        name: "training step",
        loss: () => lossOf(module.trainingStep(batch, batchIdx), "trainingStep"),
        ...{ params: this.#params, accumulated: before, planned },
      }),
    );
    const { reached, isStepped } = notes;
    const [loss, ...results] = tensors as [Tensor, ...Tensor[]];
    // A parameter that this batch's loss does not depend on keeps its accumulated gradient, the same tensor.
    for (const gradient of before.values()) if (!results.includes(gradient)) gradient.dispose();
    if (isStepped) {
      planned?.commit(results);
      this.#accumulated = new Map();
      this.#batches = 0;
    } else {
      this.#accumulated = new Map(reached.map((param, index) => [param, results[index] as Tensor]));
      this.#batches += 1;
      if (planned !== null) this.#reached = new Set(reached);
    }
    return { loss, isStepped };
  }
}
