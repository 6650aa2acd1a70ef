import { reasonOf } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { Files } from "../../platform/platform.js";
import type { Logger, Metrics, RunStatus, SavedCheckpoints } from "../logger.js";
import { MlflowClient } from "./mlflowClient.js";
import { artifactPath, tableCsv } from "./mlflowNames.js";
import { readMlflowOptions, type MlflowLoggerOptions, type ReadMlflowOptions } from "./mlflowOptions.js";
import { MlflowOutbox } from "./mlflowOutbox.js";
import { openMlflowRun, type MlflowRun } from "./openMlflowRun.js";

/** MLflow's words for how a run ended. */
const STATUS = {
  finished: "FINISHED",
  stopped: "FINISHED",
  interrupted: "KILLED",
  failed: "FAILED",
} as const;
/** The longest time between two attempts to reach a server that is down, in milliseconds. */
const LONGEST_PAUSE = 30_000;
/** The time before the last attempt at the end of a run, in milliseconds. */
const LAST_PAUSE = 1000;

/**
 * Sends a run to an MLflow tracking server, from Node or a browser: metrics, hyperparameters as parameters, and figures, tables,
 * texts and checkpoints as artifacts.
 *
 * Values are sent in the background, so that a slow server does not slow the training down. While the server is down, values
 * wait and are sent later; those whose answer was lost are sent again. One warning says so, and another one at the end of the run counts what was not sent. The run is
 * created at the first log, which waits for the server.
 *
 * MLflow keeps the first value of a parameter. Later ones go to the tag `changed.NAME`, e.g. `0.001 → 0.02`.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`; before the first step `INVALID_OPTION` if the server refuses
 * the run; `INVALID_STEP` if a step is not an integer.
 * @example
 * ```ts
 * const mlflow = new MlflowLogger({ trackingUri: "http://127.0.0.1:5000", experimentName: "digits" });
 * await new Trainer({ logger: mlflow, autoLrFind: true }).fit(model, data);
 * mlflow.url; // the page of the run
 * ```
 */
export class MlflowLogger implements Logger {
  readonly #options: ReadMlflowOptions;
  readonly #client: MlflowClient;
  readonly #outbox: MlflowOutbox;
  readonly #warned = new Set<string>();
  readonly #checkpoints = new Map<SavedCheckpoints, Pick<Files, "read">>();
  #run: MlflowRun | null = null;
  #isUsed = false;
  #hasEnded = false;
  #sending: Promise<void> | null = null;
  #failures = 0;
  #retryAt = 0;

  constructor(options: MlflowLoggerOptions) {
    this.#options = readMlflowOptions(options);
    this.#client = new MlflowClient(this.#options);
    this.#outbox = new MlflowOutbox((kind, text) => this.#warnOnce(kind, `${text}.`));
  }

  /** The id of the run; `null` before the server has created it. */
  get runId(): string | null {
    return this.#run?.id ?? this.#options.runId ?? null;
  }

  /** The address of the run's page; `null` before the server has created it. */
  get url(): string | null {
    if (this.#run === null) return null;
    const { id, experimentId } = this.#run;
    return `${this.#client.address}/#/experiments/${experimentId}/runs/${id}`;
  }

  async logMetrics(metrics: Metrics, step: number): Promise<void> {
    requireStep(step);
    this.#outbox.addMetrics(metrics, step);
    await this.#sendSoon();
  }

  async logHyperparams(hparams: Readonly<Record<string, unknown>>): Promise<void> {
    this.#outbox.addHparams(hparams);
    await this.#sendSoon();
  }

  /** Logs a text as the artifact `NAME.txt`, after step 0 `NAME_step_STEP.txt`. */
  async logText(name: string, text: string, step: number): Promise<void> {
    requireStep(step);
    await this.#logArtifact(artifactPath(name, step, "txt"), new TextEncoder().encode(text));
  }

  /** Logs a table as the artifact `NAME.csv`. */
  async logTable(name: string, columns: Readonly<Record<string, readonly number[]>>): Promise<void> {
    await this.#logArtifact(artifactPath(name, 0, "csv"), new TextEncoder().encode(tableCsv(columns)));
  }

  /** Logs an image as the artifact `NAME.png`, after step 0 `NAME_step_STEP.png`. */
  async logImage(name: string, png: Uint8Array, step: number): Promise<void> {
    requireStep(step);
    await this.#logArtifact(artifactPath(name, step, "png"), png);
  }

  /** Logs a checkpoint as the artifact `checkpoints/NAME`, as `logModel` says. */
  async afterSaveCheckpoint(
    path: string,
    saved: SavedCheckpoints,
    files: Pick<Files, "read">,
  ): Promise<void> {
    if (this.#options.logModel === true) this.#checkpoints.set(saved, files);
    if (this.#options.logModel !== "all") return;
    await this.#addCheckpoint(path, files);
    await this.#sendSoon();
  }

  /** Sends what waits, and tells MLflow how the run ended. */
  async finalize(status: RunStatus): Promise<void> {
    if (!this.#isUsed) return;
    await this.#addKeptCheckpoints();
    await this.#sending;
    const end = async (): Promise<void> => {
      const run = await this.#send();
      await this.#client.post("runs/update", {
        run_id: run.id,
        status: STATUS[status],
        end_time: Date.now(),
      });
      this.#hasEnded = true;
    };
    const reason = await end().then(
      () => null,
      async () => {
        await new Promise((resolve) => setTimeout(resolve, LAST_PAUSE));
        return end().then(() => null, reasonOf);
      },
    );
    const unsent = this.#outbox.takeUnsent();
    const all = [unsent, reason === null ? "" : `the status ${STATUS[status]}`].filter(Boolean).join(", ");
    if (all === "") return;
    const why = reason === null ? "see the warnings before" : reason;
    this.#warn(`has not got ${all} of this run: ${why}. A CsvLogger beside it keeps a copy on disk.`);
  }

  async #logArtifact(path: string, content: Uint8Array): Promise<void> {
    this.#outbox.addArtifact(path, content);
    await this.#sendSoon();
  }

  async #addKeptCheckpoints(): Promise<void> {
    for (const [{ bestModelPath, bestKModels, lastModelPath }, files] of this.#checkpoints) {
      const paths = new Set([...Object.keys(bestKModels), lastModelPath].filter(Boolean));
      for (const path of paths) await this.#addCheckpoint(path, files);
      if (bestModelPath !== "") this.#outbox.addTag("best_checkpoint", checkpointPath(bestModelPath));
    }
    this.#checkpoints.clear();
  }

  async #addCheckpoint(path: string, files: Pick<Files, "read">): Promise<void> {
    try {
      this.#outbox.addArtifact(checkpointPath(path), await files.read(path));
    } catch (error) {
      this.#outbox.loseArtifact();
      this.#warn(`does not get the checkpoint ${path}: ${reasonOf(error)}.`);
    }
  }

  /** Waits for the run at the first log, so that a wrong option is an error before the first step. Sends in the background. */
  async #sendSoon(): Promise<void> {
    if (!this.#isUsed) {
      try {
        this.#run = await openMlflowRun(this.#client, this.#options);
      } catch (error) {
        if (error instanceof FulmineError) throw error;
        this.#fail(error);
      }
      this.#isUsed = true;
    }
    if (this.#sending !== null || Date.now() < this.#retryAt) return;
    this.#sending = this.#send()
      .then(
        () => (this.#failures = 0),
        (error: unknown) => this.#fail(error),
      )
      .then(() => {
        this.#sending = null;
      });
  }

  async #send(): Promise<MlflowRun> {
    const run = (this.#run ??= await openMlflowRun(this.#client, this.#options));
    if (this.#hasEnded) {
      await this.#client.post("runs/update", { run_id: run.id, status: "RUNNING" });
      this.#hasEnded = false;
    }
    await this.#outbox.send(this.#client, run);
    return run;
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    this.#retryAt = Date.now() + Math.min(LONGEST_PAUSE, 1000 * 2 ** this.#failures);
    const what = "can't be reached, but training goes on; what is logged waits until it can";
    this.#warnOnce("unreachable", `${what}: ${reasonOf(error)}.`);
  }

  #warnOnce(kind: string, text: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    this.#warn(text);
  }

  #warn(text: string): void {
    this.#options.warn(`MLflow at ${this.#client.address} ${text}`);
  }
}

function checkpointPath(path: string): string {
  return `checkpoints/${path.split(/[\\/]/).at(-1) ?? path}`;
}

function requireStep(step: number): void {
  if (Number.isSafeInteger(step)) return;
  throw new FulmineError("INVALID_STEP", "MLflow counts steps in integers.", { received: step });
}
