import { dispose, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { batchSizeOf } from "../batch.js";
import { backwardPiece, type Gathered } from "./backwardPiece.js";
import { planTogether } from "./planTogether.js";
import type { Run } from "./run.js";
import { stepOptimizer } from "./stepOptimizer.js";
import type { TrainStepResult } from "./trainStepResult.js";

/** Takes batches, computes loss and gradients, and lets the optimizers step when enough are gathered. */
export class TrainStep<B> {
  readonly #run: Run<B>;
  readonly #params: Variable[];
  #gathered: Gathered = new Map();
  #batches = 0;
  /** The parameters that the last batch's gradients reached, where they are not all that the optimizers have moved. */
  #reached: ReadonlySet<Variable> | null = null;

  constructor(run: Run<B>) {
    this.#run = run;
    this.#params = [...new Set(run.optimizers.flatMap((optimizer) => optimizer.params))];
  }

  /** Whether gradients are gathered that no optimizer has used yet. */
  get isGathering(): boolean {
    return this.#batches > 0;
  }

  /** Trains on one batch; `isLast` lets the optimizers step even when fewer than usual are gathered. */
  async take(batch: B, batchIdx: number, isLast: boolean): Promise<TrainStepResult> {
    const { byHand, state } = this.#run;
    state.metrics.beginStep("train", batchSizeOf(batch));
    return byHand === null
      ? this.#automatic(batch, batchIdx, isLast)
      : byHand.optimizeByHand(this.#run, batch, batchIdx);
  }

  /** Lets the optimizers step with what is gathered; does nothing when there is nothing. */
  async flush(): Promise<void> {
    if (this.#batches === 0) return;
    const { optimizers, clipping } = this.#run;
    if (clipping !== null) {
      const clipped = clipping.clip(this.#gathered);
      dispose([...this.#gathered.values()]);
      this.#gathered = clipped;
    }
    for (const optimizer of optimizers) await stepOptimizer(this.#run, optimizer, this.#gathered);
    this.discard();
  }

  /** Drops what is gathered. */
  discard(): void {
    dispose([...this.#gathered.values()]);
    this.#gathered = new Map();
    this.#batches = 0;
  }

  async #automatic(batch: B, batchIdx: number, isLast: boolean): Promise<TrainStepResult> {
    const { hooks, optimizers, state } = this.#run;
    if (!this.isGathering)
      for (const optimizer of optimizers) await hooks.call("onBeforeZeroGrad", optimizer);
    await hooks.call("onBeforeBackward");
    const isDue = isLast || this.#batches + 1 >= state.accumulateGradBatches;
    const { loss, isStepped } = this.#backward(batch, batchIdx, isDue);
    try {
      await hooks.call("onAfterBackward");
      if (isDue && !isStepped) await this.flush();
      const value = (await loss.data())[0] ?? NaN;
      await state.metrics.settle();
      return { loss: value, steps: isDue ? 1 : 0 };
    } finally {
      loss.dispose();
    }
  }

  /** Computes loss and gradients, and steps in one go where nothing can come between the two. */
  #backward(batch: B, batchIdx: number, isDue: boolean): { loss: Tensor; isStepped: boolean } {
    const run = this.#run;
    const { hooks, state, runner } = run;
    const isBetween = hooks.isHeard("onAfterBackward") || hooks.isHeard("onBeforeOptimizerStep");
    const planned = isDue && !isBetween ? planTogether(run.optimizers, this.#reached) : null;
    const before = this.#gathered;
    const { tensors, notes } = runner.run(
      backwardPiece(run, { batch, batchIdx, params: this.#params, before, planned }),
    );
    const { reached, logged, isStepped } = notes;
    const [loss, ...results] = state.metrics.take(logged, tensors) as [Tensor, ...Tensor[]];
    // A parameter that this batch does not reach keeps the very gradient that it has.
    for (const gradient of before.values()) if (!results.includes(gradient)) gradient.dispose();
    if (isStepped) {
      planned?.commit(results);
      this.#gathered = new Map();
      this.#batches = 0;
    } else {
      this.#gathered = new Map(reached.map((param, index) => [param, results[index] as Tensor]));
      this.#batches += 1;
      if (planned !== null) this.#reached = new Set(reached);
    }
    return { loss, isStepped };
  }
}
