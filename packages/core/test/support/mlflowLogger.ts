import type { Logger, Metrics } from "@fulmine/core";

/** Which tracking server takes a run, and for which experiment. */
export interface MlflowLoggerOptions {
  /** The server, e.g. `http://127.0.0.1:5000`. */
  readonly trackingUri: string;
  /** The experiment's id. @defaultValue "0", MLflow's default experiment */
  readonly experimentId?: string;
  /** The run's name. @defaultValue one that MLflow makes up */
  readonly runName?: string;
}

/** MLflow's words for how a run ended. */
const STATUS = {
  finished: "FINISHED",
  stopped: "FINISHED",
  interrupted: "KILLED",
  failed: "FAILED",
} as const;

/**
 * Sends a run to an MLflow tracking server: an example of a logger for a service.
 *
 * REST interface: https://mlflow.org/docs/latest/api_reference/rest-api.html
 */
export class MlflowLogger implements Logger {
  #runId: Promise<string> | null = null;

  constructor(private readonly options: MlflowLoggerOptions) {}

  async logMetrics(metrics: Metrics, step: number): Promise<void> {
    const timestamp = Date.now();
    const entries = Object.entries(metrics).map(([key, value]) => {
      // JSON has no NaN; MLflow reads the text as the number.
      return { key, value: Number.isFinite(value) ? value : String(value), timestamp, step };
    });
    await this.#post("runs/log-batch", { run_id: await this.#run(), metrics: entries });
  }

  async logHyperparams(hparams: Readonly<Record<string, unknown>>): Promise<void> {
    const run_id = await this.#run();
    for (const [key, value] of Object.entries(hparams)) {
      const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
      await this.#post("runs/log-parameter", { run_id, key, value: text });
    }
  }

  async finalize(status: keyof typeof STATUS): Promise<void> {
    if (this.#runId === null) return;
    await this.#post("runs/update", {
      run_id: await this.#runId,
      status: STATUS[status],
      end_time: Date.now(),
    });
    this.#runId = null;
  }

  /** The run's id; the run is created when something is logged for the first time. */
  #run(): Promise<string> {
    const { experimentId = "0", runName } = this.options;
    const body = { experiment_id: experimentId, run_name: runName, start_time: Date.now() };
    return (this.#runId ??= this.#post("runs/create", body).then((answer) => {
      return (answer as { run: { info: { run_id: string } } }).run.info.run_id;
    }));
  }

  async #post(method: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.options.trackingUri}/api/2.0/mlflow/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`MLflow refused ${method}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
