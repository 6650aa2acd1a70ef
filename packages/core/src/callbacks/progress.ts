import type { RunStatus } from "../loggers/logger.js";
import type { TrainBatchOutputs } from "../hooks/moduleHooks.js";
import type { Callback } from "../module/callback.js";
import type { Module } from "../module/module.js";
import type { TrainerProgress } from "../module/trainerProgress.js";
import type { TrainerView } from "../module/trainerView.js";
import type { ProgressLine } from "../platform/display.js";

/**
 * Shows a live line during each epoch, and a line with its metrics after it. The Trainer adds it unless `enableProgressBar`
 * is false or `onProgress` is given.
 *
 * The live line shows the loss of the step, the metrics that are logged with `progBar`, and the `progressColumns` of
 * callbacks. The line after an epoch shows the means of its losses and metrics, each once.
 */
export class ProgressBar implements Callback {
  readonly role = "monitor";
  readonly #callbacks: readonly Callback[];
  #line: ProgressLine | null = null;

  /** @param callbacks - The callbacks whose `progressColumns` are shown. */
  constructor(callbacks: readonly Callback[] = []) {
    this.#callbacks = callbacks;
  }

  onTrainBatchStart(trainer: TrainerView): void {
    // Not at the start of the epoch, because a resumed fit may begin in the middle of one.
    this.#line ??= trainer.display.progress(epochLabel(trainer), trainer.numTrainingBatches);
  }

  onTrainBatchEnd(
    trainer: TrainerView,
    module: Module,
    _outputs: TrainBatchOutputs,
    _batch: unknown,
    batchIdx: number,
  ): void {
    const metrics = asTexts(trainer.metrics.liveMetrics());
    this.#line?.update(batchIdx + 1, { ...metrics, ...this.#columns(trainer, module) });
  }

  onTrainEpochEnd(trainer: TrainerView, module: Module): void {
    this.#end({ clear: true });
    const { metrics } = trainer;
    const values = asTexts({ ...metrics.epochMetrics(), ...metrics.latestStepMetrics() });
    const texts = Object.entries({ ...values, ...this.#columns(trainer, module) });
    const shown = texts.map(([name, value]) => `${name} ${value}`);
    trainer.display.info([epochLabel(trainer), ...shown].join("  "));
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

/** Reports a fit's progress to `onProgress`; used instead of {@link ProgressBar}. */
export class ProgressReporter implements Callback {
  readonly role = "monitor";
  readonly #report: (event: TrainerProgress) => void;
  #hasStarted = false;

  constructor(report: (event: TrainerProgress) => void) {
    this.#report = report;
  }

  onFitStart({ maxEpochs }: TrainerView): void {
    this.#hasStarted = true;
    this.#report({ type: "start", task: "fit", epochs: finiteOrNull(maxEpochs) });
  }

  onTrainBatchEnd(
    { currentEpoch, numTrainingBatches, metrics }: TrainerView,
    _module: Module,
    { loss }: TrainBatchOutputs,
    _batch: unknown,
    batchIdx: number,
  ): void {
    this.#report({
      ...{ type: "batch", epoch: currentEpoch + 1, batch: batchIdx + 1, batches: numTrainingBatches, loss },
      metrics: { ...metrics.progressMetrics },
    });
  }

  onTrainEpochEnd({ currentEpoch, maxEpochs, callbackMetrics }: TrainerView): void {
    const epochs = finiteOrNull(maxEpochs);
    this.#report({ type: "epoch", epoch: currentEpoch + 1, epochs, metrics: { ...callbackMetrics } });
  }

  onFitEnd({ isInterrupted, shouldStop }: TrainerView): void {
    this.#end(isInterrupted ? "interrupted" : shouldStop ? "stopped" : "finished");
  }

  onException(): void {
    if (this.#hasStarted) this.#end("failed");
  }

  #end(status: RunStatus): void {
    this.#hasStarted = false;
    this.#report({ type: "end", task: "fit", status });
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function epochLabel({ currentEpoch, maxEpochs }: TrainerView): string {
  const epoch = String(currentEpoch + 1);
  if (!Number.isFinite(maxEpochs)) return `Epoch ${epoch}`;
  return `Epoch ${epoch.padStart(String(maxEpochs).length)}/${maxEpochs}`;
}

/** Metrics as texts: those of training, then those of validation, and of each the losses first. */
function asTexts(metrics: Readonly<Record<string, number>>): Record<string, string> {
  const rank = (name: string): number => (name.startsWith("val") ? 2 : 0) + (name.includes("loss") ? 0 : 1);
  const entries = Object.entries(metrics).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([name, value]) => [name, format(value)]));
}

function format(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e5)
    ? value.toFixed(size < 10 ? 4 : 2)
    : value.toExponential(2);
}
