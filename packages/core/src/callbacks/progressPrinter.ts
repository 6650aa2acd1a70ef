import type { Callback } from "../callback.js";
import type { Display, ProgressLine } from "../display.js";
import type { Trainer } from "../trainer.js";

/** Shows a live line per epoch and, when the epoch has ended, one line with its metrics. */
export function progressPrinter(display: Display): Callback {
  let line: ProgressLine | null = null;
  return {
    onTrainEpochStart(trainer) {
      line = display.progress(epochLabel(trainer), trainer.numTrainingBatches);
    },
    onTrainBatchEnd(trainer, _module, { loss }, _batch, batchIdx) {
      line?.update(batchIdx + 1, { loss: loss.toPrecision(3), ...asTexts(trainer.metrics.progressMetrics) });
    },
    onTrainEpochEnd(trainer) {
      line?.stop({ clear: true });
      const metrics = Object.entries(asTexts(trainer.callbackMetrics));
      // Validation ends before the epoch does, but is read after it.
      metrics.sort(([a], [b]) => Number(a.startsWith("val")) - Number(b.startsWith("val")));
      const texts = metrics.map(([name, value]) => `${name} ${value}`);
      display.info([epochLabel(trainer), ...texts].join("  "));
    },
    onException() {
      line?.stop();
    },
  };
}

function epochLabel({ currentEpoch, maxEpochs }: Trainer): string {
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
