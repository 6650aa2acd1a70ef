import type { Logger, Metrics } from "./logger.js";

/**
 * Keeps all logged metrics in memory, e.g. to plot them after a run.
 *
 * @example
 * ```ts
 * const history = new HistoryLogger();
 * await new Trainer({ logger: history }).fit(model, data);
 * history.of("val_loss"); // [{ step: 10, value: 0.31 }, …]
 * ```
 */
export class HistoryLogger implements Logger {
  /** All logged metrics in order. */
  readonly rows: { readonly step: number; readonly metrics: Metrics }[] = [];
  /** The hyperparameters of the last run. */
  hparams: Readonly<Record<string, unknown>> = {};

  logMetrics(metrics: Metrics, step: number): void {
    this.rows.push({ step, metrics });
  }

  logHyperparams(hparams: Readonly<Record<string, unknown>>): void {
    this.hparams = structuredClone(hparams);
  }

  /** The values of one metric by step. */
  of(name: string): readonly { readonly step: number; readonly value: number }[] {
    return this.rows.flatMap(({ step, metrics }) => {
      const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
      return value === undefined ? [] : [{ step, value }];
    });
  }
}
