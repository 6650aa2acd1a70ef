import { add, mul, tidy, variableGrads, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { batchSizeOf } from "../batch.js";
import { withMathRandom } from "../random/seeded.js";
import { lossOf } from "./lossOf.js";
import type { Run } from "./run.js";

/** What came of one batch. */
export interface TrainStepResult {
  /** The batch's loss before the step. */
  readonly loss: number;
  /** Whether the optimizers took a step, which they do once per `accumulateGradBatches` batches. */
  readonly stepped: boolean;
}

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

  /** Trains on one batch; `isLast` lets the optimizers step even when fewer than usual are gathered. */
  async take(batch: B, batchIdx: number, isLast: boolean): Promise<TrainStepResult> {
    const { hooks, optimizers, state, accumulateGradBatches } = this.#run;
    if (this.#batches === 0)
      for (const optimizer of optimizers) await hooks.call("onBeforeZeroGrad", optimizer);
    await hooks.call("onBeforeBackward");
    state.metrics.beginStep("train", batchSizeOf(batch));
    const loss = this.#backward(batch, batchIdx);
    this.#batches += 1;
    await hooks.call("onAfterBackward");
    const stepped = isLast || this.#batches === accumulateGradBatches;
    if (stepped) await this.flush();
    const value = (await loss.data())[0] ?? NaN;
    loss.dispose();
    await state.metrics.settle();
    return { loss: value, stepped };
  }

  /** Lets the optimizers step with what is gathered; does nothing when there is nothing. */
  async flush(): Promise<void> {
    if (this.#batches === 0) return;
    for (const optimizer of this.#run.optimizers) {
      await this.#run.hooks.call("onBeforeOptimizerStep", optimizer);
      optimizer.step(this.#gathered);
    }
    this.discard();
  }

  /** Drops what is gathered. */
  discard(): void {
    for (const gradient of this.#gathered.values()) gradient.dispose();
    this.#gathered.clear();
    this.#batches = 0;
  }

  #backward(batch: B, batchIdx: number): Tensor {
    const { module, state, accumulateGradBatches } = this.#run;
    const { value, grads } = withMathRandom(state.random, () =>
      variableGrads(() => lossOf(module.trainingStep(batch, batchIdx), "trainingStep"), this.#params),
    );
    for (const param of this.#params) {
      const gradient = grads[param.name];
      if (gradient === undefined) continue;
      this.#gathered.set(param, accumulateGradBatches === 1 ? gradient : this.#accumulate(param, gradient));
    }
    return value;
  }

  #accumulate(param: Variable, gradient: Tensor): Tensor {
    const before = this.#gathered.get(param);
    return tidy(() => {
      const share = mul(gradient, 1 / this.#run.accumulateGradBatches);
      gradient.dispose();
      if (before === undefined) return share;
      const sum = add(before, share);
      before.dispose();
      return sum;
    });
  }
}
