import type { Callback } from "../module/callback.js";
import type { Module } from "../module/module.js";
import type { TrainerProgress } from "../module/trainerProgress.js";
import type { TrainerView } from "../module/trainerView.js";

/** Tells a front end of a fit's progress in place of the line that {@link ProgressBar} draws. */
export class ProgressTeller implements Callback {
  readonly role = "monitor";
  readonly #tell: (event: TrainerProgress) => void;
  #isUnderWay = false;

  constructor(tell: (event: TrainerProgress) => void) {
    this.#tell = tell;
  }

  onFitStart(trainer: TrainerView): void {
    this.#isUnderWay = true;
    this.#tell({ type: "start", task: "fit", epochs: epochsOf(trainer) });
  }

  onTrainBatchEnd(
    { currentEpoch, numTrainingBatches, metrics }: TrainerView,
    _module: Module,
    { loss }: { readonly loss: number },
    _batch: unknown,
    batchIdx: number,
  ): void {
    this.#tell({
      ...{ type: "batch", epoch: currentEpoch + 1, batch: batchIdx + 1, batches: numTrainingBatches, loss },
      metrics: { ...metrics.progressMetrics },
    });
  }

  onTrainEpochEnd(trainer: TrainerView): void {
    const { currentEpoch, callbackMetrics } = trainer;
    const metrics = { ...callbackMetrics };
    this.#tell({ type: "epoch", epoch: currentEpoch + 1, epochs: epochsOf(trainer), metrics });
  }

  onFitEnd({ isInterrupted, shouldStop }: TrainerView): void {
    this.#end(isInterrupted ? "interrupted" : shouldStop ? "stopped" : "finished");
  }

  onException(): void {
    if (this.#isUnderWay) this.#end("failed");
  }

  #end(status: "finished" | "stopped" | "interrupted" | "failed"): void {
    this.#isUnderWay = false;
    this.#tell({ type: "end", task: "fit", status });
  }
}

function epochsOf({ maxEpochs }: TrainerView): number | null {
  return Number.isFinite(maxEpochs) ? maxEpochs : null;
}
