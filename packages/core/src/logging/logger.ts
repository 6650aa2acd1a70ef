/** Metrics by name. */
export type Metrics = Readonly<Record<string, number>>;

/** Somewhere that a run's numbers go: a file, a tracker, memory. */
export interface Logger {
  /** Takes the metrics of an optimizer step, counted from 0 over the whole run. */
  logMetrics(metrics: Metrics, step: number): void | Promise<void>;
  /** Takes all hyperparameters, at the start of a run. */
  logHyperparams(hparams: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** Writes out what is still held back, at the end of a run. */
  finalize?(status: "finished" | "stopped" | "interrupted" | "failed"): void | Promise<void>;
}
