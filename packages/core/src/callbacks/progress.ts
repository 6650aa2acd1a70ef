import type { Callback } from "../module/callback.js";
import type { ProgressLine } from "../platform/display.js";
import type { Module } from "../module/module.js";
import type { TrainerView } from "../module/trainerView.js";
import type { TrainerProgress } from "../module/trainerProgress.js";

/**
 * Shows a live line per epoch and, when the epoch has ended, one line with its metrics. It is there by itself, unless
 * `enableProgressBar` is false or `onProgress` is given.
 *
 * Beside the loss stands what is logged with `progBar`, and what callbacks give by `progressColumns`.
 */
export class ProgressBar implements Callback {
  readonly role = "monitor";
  readonly #callbacks: readonly Callback[];
  #line: ProgressLine | null = null;

  /** @param callbacks - Those whose columns are shown. */
  constructor(callbacks: readonly Callback[] = []) {
    this.#callbacks = callbacks;
  }

  onTrainBatchStart(trainer: TrainerView): void {
    // Not at the epoch's start, for a resumed fit may begin in the middle of one.
    this.#line ??= trainer.display.progress(epochLabel(trainer), trainer.numTrainingBatches);
  }

  onTrainBatchEnd(
    trainer: TrainerView,
    module: Module,
    { loss }: { readonly loss: number },
    _batch: unknown,
    batchIdx: number,
  ): void {
    const metrics = asTexts(trainer.metrics.progressMetrics);
    this.#line?.update(batchIdx + 1, {
      loss: loss.toPrecision(3),
      ...metrics,
      ...this.#columns(trainer, module),
    });
  }

  onTrainEpochEnd(trainer: TrainerView, module: Module): void {
    this.#end({ clear: true });
    const metrics = Object.entries(asTexts(trainer.callbackMetrics));
    // Validation ends before the epoch does, but is read after it.
    metrics.sort(([a], [b]) => Number(a.startsWith("val")) - Number(b.startsWith("val")));
    const columns = Object.entries(this.#columns(trainer, module));
    const texts = [...metrics, ...columns].map(([name, value]) => `${name} ${value}`);
    trainer.display.info([epochLabel(trainer), ...texts].join("  "));
  }

  onException(): void {
    this.#end();
  }

  #columns(trainer: TrainerView, module: Module): Readonly<Record<string, string>> {
    const all = this.#callbacks.map((callback) => callback.progressColumns?.(trainer, module));
    return Object.assign({}, ...all) as Record<string, string>;
  }

  #end(options?: { readonly clear: boolean }): void {
    this.#line?.stop(options);
    this.#line = null;
  }
}

function epochLabel({ currentEpoch, maxEpochs }: TrainerView): string {
  const last = Number.isFinite(maxEpochs) ? `/${maxEpochs}` : "";
  return `Epoch ${String(currentEpoch + 1).padStart(String(maxEpochs).length)}${last}`;
}

function asTexts(metrics: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, format(value)]));
}

function format(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e5)
    ? value.toFixed(size < 10 ? 4 : 2)
    : value.toExponential(2);
}

/** Tells a front end of a fit's progress in place of the line that {@link ProgressBar} draws. */
export class ProgressReporter implements Callback {
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
