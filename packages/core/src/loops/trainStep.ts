import { add, dispose, mul, tidy, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { batchSizeOf } from "../batch.js";
import { clipGradients } from "./clipGradients.js";
import { lossAndGradients } from "./gradients.js";
import { lossOf } from "./lossOf.js";
import { optimizeByHand } from "./manualOptimization.js";
import type { Run } from "./run.js";
import { stepOptimizer } from "./stepOptimizer.js";
import type { TrainStepResult } from "./trainStepResult.js";

/** Takes batches, computes loss and gradients, and lets the optimizers step when enough are gathered. */
export class TrainStep<B> {
  readonly #run: Run<B>;
  readonly #params: Variable[];
  #gathered = new Map<Variable, Tensor>();
  #batches = 0;

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
    const { module, state } = this.#run;
    state.metrics.beginStep("train", batchSizeOf(batch));
    return module.automaticOptimization
      ? this.#automatic(batch, batchIdx, isLast)
      : optimizeByHand(this.#run, batch, batchIdx);
  }

  /** Lets the optimizers step with what is gathered; does nothing when there is nothing. */
  async flush(): Promise<void> {
    if (this.#batches === 0) return;
    const { optimizers, clipping } = this.#run;
    if (clipping !== null) {
      const clipped = clipGradients(this.#gathered, clipping);
      dispose([...this.#gathered.values()]);
      this.#gathered = clipped;
    }
    for (const optimizer of optimizers) await stepOptimizer(this.#run, optimizer, this.#gathered);
    this.discard();
  }

  /** Drops what is gathered. */
  discard(): void {
    dispose([...this.#gathered.values()]);
    this.#gathered.clear();
    this.#batches = 0;
  }

  async #automatic(batch: B, batchIdx: number, isLast: boolean): Promise<TrainStepResult> {
    const { hooks, optimizers, module, state, detectAnomaly } = this.#run;
    if (!this.isGathering)
      for (const optimizer of optimizers) await hooks.call("onBeforeZeroGrad", optimizer);
    await hooks.call("onBeforeBackward");
    const step = (): ReturnType<typeof lossOf> =>
      lossOf(module.trainingStep(batch, batchIdx), "trainingStep");
    const { loss, gradients } = lossAndGradients(step, this.#params, { random: state.random, detectAnomaly });
    this.#gather(gradients);
    try {
      await hooks.call("onAfterBackward");
      const isDue = isLast || this.#batches >= state.accumulateGradBatches;
      if (isDue) await this.flush();
      const value = (await loss.data())[0] ?? NaN;
      await state.metrics.settle();
      return { loss: value, steps: isDue ? 1 : 0 };
    } finally {
      loss.dispose();
    }
  }

  #gather(gradients: ReadonlyMap<Variable, Tensor>): void {
    this.#batches += 1;
    const isWhole = this.#batches === 1 && this.#run.state.accumulateGradBatches === 1;
    for (const [param, gradient] of gradients) {
      this.#gathered.set(param, isWhole ? gradient : this.#accumulate(param, gradient));
    }
  }

  #accumulate(param: Variable, gradient: Tensor): Tensor {
    const before = this.#gathered.get(param);
    const sum = tidy(() => {
      const share = mul(gradient, 1 / this.#run.state.accumulateGradBatches);
      return before === undefined ? share : add(before, share);
    });
    dispose(before === undefined ? gradient : [gradient, before]);
    return sum;
  }
}
