import { flatHparams } from "../jsonValue.js";
import type { Metrics } from "../logger.js";
import { MlflowError, type MlflowClient } from "./mlflowClient.js";
import { mlflowName, mlflowValue } from "./mlflowNames.js";
import type { MlflowRun } from "./openMlflowRun.js";
import { ParamChanges, type MlflowEntry } from "./paramChanges.js";

interface MlflowMetric {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

interface MlflowArtifact {
  readonly path: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

const NOTHING_LOST = { params: 0, tags: 0, metrics: 0, artifacts: 0 };
/** What one request may contain. */
const LIMITS = { params: 100, tags: 100, metrics: 1000 } as const;
const LISTS = ["params", "tags", "metrics"] as const;
/** What waits at most for a server that is down: values, and bytes of artifacts. */
const MOST_METRICS = 100_000;
const MOST_BYTES = 256e6;
/** How often a batch is split to find what the server refuses in it. */
const MOST_SPLITS = 32;

/** Why something won't be sent, for a warning that is shown once for each kind. */
export type OutboxNotice = (kind: "refused" | "renamed" | "cut" | "changed" | "full", text: string) => void;

/** What waits to be sent to an MLflow server. Nothing leaves it before the server has taken or refused it. */
export class MlflowOutbox {
  readonly #notice: OutboxNotice;
  readonly #waiting = {
    params: [] as MlflowEntry[],
    tags: [] as MlflowEntry[],
    metrics: [] as MlflowMetric[],
  };
  /** Values of parameters that are not compared with those of the run yet. */
  #hparams: MlflowEntry[] = [];
  readonly #artifacts: MlflowArtifact[] = [];
  #bytes = 0;
  #changes: ParamChanges | null = null;
  /** How many were refused or had no room. */
  #lost = { ...NOTHING_LOST };

  constructor(notice: OutboxNotice) {
    this.#notice = notice;
  }

  addMetrics(metrics: Metrics, step: number): void {
    const timestamp = Date.now();
    for (const [name, value] of Object.entries(metrics)) {
      if (this.#waiting.metrics.length >= MOST_METRICS) {
        this.#lose("metrics", 1);
        this.#notice("full", "has been down for so long that no more values can wait: new ones are dropped");
        continue;
      }
      // JSON has no NaN; MLflow reads the text as the number.
      const sent = Number.isFinite(value) ? value : String(value);
      this.#waiting.metrics.push({ key: this.#nameOf(name), value: sent, timestamp, step });
    }
  }

  addHparams(hparams: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(flatHparams(hparams))) {
      const sent = mlflowValue(value);
      if (sent !== String(value))
        this.#notice("cut", `takes no value as long as that of ${name}: it is cut there`);
      this.#hparams.push({ key: this.#nameOf(name), value: sent });
    }
  }

  addTag(key: string, value: string): void {
    this.#waiting.tags.push({ key, value: mlflowValue(value) });
  }

  addArtifact(path: string, content: Uint8Array): void {
    if (this.#bytes + content.length > MOST_BYTES) {
      this.loseArtifact();
      this.#notice("full", `has been down for so long that no more files can wait: ${path} is dropped`);
      return;
    }
    this.#bytes += content.length;
    this.#artifacts.push({ path, content: Uint8Array.from(content) });
  }

  /** Counts an artifact that could not be added. */
  loseArtifact(): void {
    this.#lose("artifacts", 1);
  }

  /** What was not sent since the last call, e.g. `"120 metric values, 1 artifact"`; empty if all was. */
  takeUnsent(): string {
    const { params, tags, metrics } = this.#waiting;
    const counts = [
      [metrics.length + this.#lost.metrics, "metric value"],
      [params.length + this.#hparams.length + this.#lost.params, "parameter"],
      [tags.length + this.#lost.tags, "tag"],
      [this.#artifacts.length + this.#lost.artifacts, "artifact"],
    ] as const;
    this.#lost = { ...NOTHING_LOST };
    return counts
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`)
      .join(", ");
  }

  /**
   * Sends all that waits, and what is added meanwhile.
   *
   * @throws MlflowError if the server does not answer; what it has not taken stays.
   */
  async send(client: MlflowClient, run: MlflowRun): Promise<void> {
    while (!this.#isEmpty) {
      this.#compareHparams(run);
      for (const list of LISTS) {
        const waiting: unknown[] = this.#waiting[list];
        while (waiting.length > 0) {
          const batch = waiting.slice(0, LIMITS[list]);
          await this.#sendBatch(client, run, list, batch, { splits: MOST_SPLITS });
          waiting.splice(0, batch.length);
        }
      }
      await this.#sendArtifact(client, run);
    }
  }

  get #isEmpty(): boolean {
    return [this.#hparams, this.#artifacts, ...Object.values(this.#waiting)].every(
      ({ length }) => length === 0,
    );
  }

  #compareHparams(run: MlflowRun): void {
    this.#changes ??= new ParamChanges(run);
    for (const hparam of this.#hparams) {
      const sent = this.#changes.record(hparam);
      if (sent === null) continue;
      this.#waiting[sent.kind].push({ ...sent.entry, value: mlflowValue(sent.entry.value) });
      if (sent.kind === "tags") {
        const { key, value } = sent.entry;
        this.#notice(
          "changed",
          `keeps the first value of a parameter; later values are in tags: ${key} is ${value}`,
        );
      }
    }
    this.#hparams = [];
  }

  /** Sends a batch. If the server refuses it, sends its halves, until only what is refused remains. */
  async #sendBatch(
    client: MlflowClient,
    run: MlflowRun,
    list: (typeof LISTS)[number],
    batch: readonly unknown[],
    left: { splits: number },
  ): Promise<void> {
    try {
      await client.post("runs/log-batch", { run_id: run.id, [list]: batch });
    } catch (error) {
      if (!(error instanceof MlflowError && error.isRefusal)) throw error;
      if (batch.length > 1 && left.splits-- > 0) {
        const half = batch.length >> 1;
        await this.#sendBatch(client, run, list, batch.slice(0, half), left);
        await this.#sendBatch(client, run, list, batch.slice(half), left);
        return;
      }
      this.#lose(list, batch.length);
      this.#notice("refused", refused(error));
    }
  }

  async #sendArtifact(client: MlflowClient, run: MlflowRun): Promise<void> {
    const [artifact] = this.#artifacts;
    if (artifact === undefined) return;
    const { path, content } = artifact;
    try {
      await client.putArtifact(run.artifactUri, path, content);
    } catch (error) {
      if (!(error instanceof MlflowError && error.isRefusal)) throw error;
      this.loseArtifact();
      this.#notice("refused", refused(error));
    }
    this.#artifacts.shift();
    this.#bytes -= content.length;
  }

  #nameOf(name: string): string {
    const sent = mlflowName(name);
    if (sent !== name) this.#notice("renamed", `takes no name such as ${name}: it is ${sent} there`);
    return sent;
  }

  #lose(list: keyof typeof NOTHING_LOST, count: number): void {
    this.#lost[list] += count;
  }
}

function refused({ message }: MlflowError): string {
  return `does not take everything, but training goes on: ${message}`;
}
