import { dispose, keep, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { checkOptions, requireSettings } from "../options/checkOptions.js";
import { flag, optional, text, type Validators } from "../options/validators.js";
import type { Metrics } from "./logger.js";

/** When and where a metric is published. */
export interface LogOptions {
  /** Whether the value of each step is published. @defaultValue true in a training step, false in validation */
  readonly onStep?: boolean;
  /** Whether the epoch's mean, weighted by batch size, is published. @defaultValue false in a training step, true in validation */
  readonly onEpoch?: boolean;
  /** Whether the progress bar shows the metric. @defaultValue false */
  readonly progBar?: boolean;
  /** Whether the loggers receive the metric. @defaultValue true */
  readonly logger?: boolean;
}

/** The loop whose steps log metrics. */
export type MetricPhase = "train" | "validate" | "test";

/** A metric of the current epoch: where it is published, and its sum so far. */
export interface MetricEntry {
  readonly phase: MetricPhase;
  readonly onStep: boolean;
  readonly onEpoch: boolean;
  readonly progBar: boolean;
  readonly logger: boolean;
  sum: number;
  weight: number;
  isFresh: boolean;
  /** The value of the latest step. */
  last?: number;
  /** Whether its value was the loss of every step so far. */
  isLoss?: boolean;
  /** The mean of the latest epoch. */
  mean?: number;
  /** Whether the mean belongs to the current epoch of training. */
  isCurrent?: boolean;
}

/** The state of a {@link MetricStore}, as plain data. */
export interface MetricSnapshot {
  readonly callbackMetrics: Metrics;
  readonly progressMetrics: Metrics;
  readonly entries: readonly (readonly [key: string, entry: MetricEntry])[];
}

interface Pending {
  readonly name: string;
  readonly value: number | Tensor;
  readonly weight: number;
  readonly entry: MetricEntry;
}

/** Collects logged metrics, as values of steps and means of epochs. */
export class MetricStore {
  /** The latest value of every metric; an epoch's mean replaces a step's value. */
  readonly callbackMetrics: Record<string, number> = noMetrics();
  /** The latest value of every metric that the progress bar shows. */
  readonly progressMetrics: Record<string, number> = noMetrics();
  readonly #entries = new Map<string, MetricEntry>();
  #pending: Pending[] = [];
  #phase: MetricPhase | null = null;
  #weight = 1;
  #isEpochEnd = false;
  #stepLoss: number | null = null;

  /** Sets the phase and the batch size of the values that are recorded next. */
  beginStep(phase: MetricPhase, batchSize: number): void {
    this.#phase = phase;
    this.#weight = batchSize;
    this.#isEpochEnd = false;
    this.#stepLoss = null;
  }

  /** Starts an epoch of training: the means so far belong to earlier epochs. */
  beginEpoch(): void {
    for (const entry of this.#entries.values()) entry.isCurrent = false;
  }

  /**
   * Records a value within a step.
   *
   * @throws FulmineError `INVALID_STEP` when it is not a number or a scalar tensor; `INVALID_OPTION` or
   * `UNKNOWN_OPTION` for the options of a name that was not logged before.
   */
  record(name: string, value: number | Tensor, options: LogOptions): void {
    const held = typeof value === "number" ? value : heldScalar(name, value);
    const phase = this.#phase ?? "train";
    const isStep = phase === "train" && !this.#isEpochEnd;
    const key = `${phase}/${name}`;
    const entry = this.#entries.get(key) ?? newEntry(name, phase, isStep, options);
    this.#entries.set(key, entry);
    this.#pending.push({ name, entry, weight: this.#weight, value: held });
  }

  /** Reads back the tensors that the last step logged, and publishes their values. */
  async readBack(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const { name, value, weight, entry } of pending) {
      const number = typeof value === "number" ? value : ((await value.data())[0] ?? NaN);
      dispose(value);
      entry.sum += number * weight;
      entry.weight += weight;
      entry.last = number;
      if (!entry.onStep) continue;
      entry.isFresh = true;
      this.#publish(entry.onEpoch ? `${name}_step` : name, number, entry);
    }
  }

  /**
   * Records the loss that the step returned, after {@link MetricStore.readBack}. It is not logged, but it is shown; see
   * {@link MetricStore.liveMetrics} and {@link MetricStore.epochMetrics}.
   */
  recordLoss(loss: number): void {
    const phase = this.#phase ?? "train";
    this.#stepLoss = loss;
    const key = `${phase}/${LOSS}`;
    const own = this.#entries.get(key) ?? newEntry("loss", phase, false, unpublished);
    this.#entries.set(key, own);
    own.sum += loss * this.#weight;
    own.weight += this.#weight;
    // When the loss is NaN, other metrics are too, so it tells nothing.
    if (Number.isNaN(loss)) return;
    for (const entry of this.#entries.values())
      if (entry.phase === phase) entry.isLoss = entry.isLoss !== false && Object.is(entry.last, loss);
  }

  /**
   * The values to show during an epoch: the loss of the latest training step, the mean loss of a validation within this
   * epoch, and the metrics with `progBar`. A loss that is among these metrics is not repeated.
   */
  liveMetrics(): Metrics {
    const metrics = noMetrics();
    const shown = this.#loggedIn("train", ({ onStep, progBar }) => onStep && progBar);
    const isLogged = shown.some(([name, { isLoss }]) => isLoss === true || name === "loss");
    if (this.#stepLoss !== null && !isLogged) metrics["loss"] = this.#stepLoss;
    for (const [name, value] of Object.entries(this.progressMetrics)) metrics[name] ??= value;
    const scored = this.#entries.get(`validate/${LOSS}`);
    const isShown =
      this.#loggedIn("validate", ({ progBar, isLoss }) => progBar && isLoss === true).length > 0;
    if (scored?.isCurrent === true && !isShown) metrics["val_loss"] ??= scored.mean ?? NaN;
    return metrics;
  }

  /**
   * The means of the epoch that has just ended, each metric once: of training, then of validation. The losses that the steps
   * returned are among them as `loss` and `val_loss`, unless the module logs them itself.
   */
  epochMetrics(): Metrics {
    const metrics = noMetrics();
    for (const [phase, lossName] of [
      ["train", "loss"],
      ["validate", "val_loss"],
    ] as const) {
      const logged = this.#loggedIn(phase, ({ onEpoch, isCurrent }) => onEpoch && isCurrent === true);
      const own = this.#entries.get(`${phase}/${LOSS}`);
      const isLogged = logged.some(([name, { isLoss }]) => isLoss === true || name === lossName);
      if (own?.isCurrent === true && !isLogged) metrics[lossName] = own.mean ?? NaN;
      for (const [name, { mean = NaN }] of logged) metrics[name] = mean;
    }
    return metrics;
  }

  /** The latest values of the metrics with `progBar` that are logged for steps only, without the loss. */
  latestStepMetrics(): Metrics {
    const shown = this.#loggedIn(
      "train",
      ({ onStep, onEpoch, progBar, isLoss }) => onStep && !onEpoch && progBar && isLoss !== true,
    );
    return Object.fromEntries(shown.map(([name, { last = NaN }]) => [name, last]));
  }

  #loggedIn(
    phase: MetricPhase,
    isWanted: (entry: MetricEntry) => boolean,
  ): [name: string, entry: MetricEntry][] {
    return [...this.#entries]
      .filter(([, entry]) => entry.phase === phase && isWanted(entry))
      .map(([key, entry]) => [nameOf(key), entry]);
  }

  /** Discards the recorded values of a failed step. */
  discard(): void {
    dispose(this.#pending.map(({ value }) => value));
    this.#pending = [];
  }

  /** The step values for the loggers that are new since the last call. */
  collectStepMetrics(): Metrics {
    const metrics = noMetrics();
    for (const [key, entry] of this.#entries) {
      if (!entry.onStep || !entry.isFresh || !entry.logger) continue;
      const name = nameOf(key) + (entry.onEpoch ? "_step" : "");
      metrics[name] = this.callbackMetrics[name] ?? NaN;
      entry.isFresh = false;
    }
    return metrics;
  }

  /**
   * Ends an epoch, calls its hooks, and ends the epoch again with the values that the hooks logged. The hooks see the means.
   *
   * @returns The means for the loggers.
   */
  async closeEpoch(phase: MetricPhase, hooks: () => Promise<void>): Promise<Metrics> {
    const metrics: Metrics = this.endEpoch(phase);
    this.beginStep(phase, 1);
    this.#isEpochEnd = true;
    await hooks();
    await this.readBack();
    return Object.assign(metrics, this.endEpoch(phase));
  }

  /** Ends an epoch: publishes its means, and returns the means for the loggers. */
  endEpoch(phase: MetricPhase): Metrics {
    const metrics = noMetrics();
    for (const [key, entry] of this.#entries) {
      if (entry.phase !== phase || entry.weight === 0) continue;
      const mean = entry.sum / entry.weight;
      [entry.mean, entry.isCurrent] = [mean, true];
      if (entry.onEpoch) {
        const name = nameOf(key);
        this.callbackMetrics[name] = mean;
        // If step values are published too, the progress bar shows the mean as `_epoch`, but not under the plain name.
        this.#publish(entry.onStep ? `${name}_epoch` : name, mean, entry);
        if (entry.logger) metrics[entry.onStep ? `${name}_epoch` : name] = mean;
      }
      entry.sum = 0;
      entry.weight = 0;
    }
    return metrics;
  }

  /** The state as plain data, without values that have not been read back. */
  snapshot(): MetricSnapshot {
    const { callbackMetrics, progressMetrics } = this;
    return structuredClone({ callbackMetrics, progressMetrics, entries: [...this.#entries] });
  }

  /** Restores a snapshot. */
  restore(snapshot: MetricSnapshot): void {
    const { callbackMetrics, progressMetrics, entries } = structuredClone(snapshot);
    Object.assign(this.callbackMetrics, callbackMetrics);
    Object.assign(this.progressMetrics, progressMetrics);
    for (const [key, entry] of entries) this.#entries.set(key, entry);
  }

  #publish(name: string, value: number, entry: MetricEntry): void {
    this.callbackMetrics[name] = value;
    if (entry.progBar) this.progressMetrics[name] = value;
  }
}

/** The name of the entry for the loss that steps return; no metric can have it. */
const LOSS = "";

/** The options of that entry: only {@link MetricStore.liveMetrics} and {@link MetricStore.epochMetrics} show it. */
const unpublished: LogOptions = { onStep: false, onEpoch: false, progBar: false, logger: false };

/** An empty record without a prototype, because a metric may have any name, even "constructor". */
function noMetrics(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

function heldScalar(name: string, value: unknown): Tensor {
  if (isTensor(value) && value.size === 1 && !value.isDisposed) return keep(value.clone());
  throw new FulmineError("INVALID_STEP", `\`log("${name}", …)\` takes a number or a scalar tensor.`, {
    received: isTensor(value) && !value.isDisposed ? value.shape : value,
    todo: "Log e.g. its mean.",
  });
}

function newEntry(name: string, phase: MetricPhase, isStep: boolean, options: LogOptions): MetricEntry {
  requireSettings(options, "log");
  checkOptions({ name, ...options }, requirements, "log");
  const { onStep = isStep, onEpoch = !isStep, progBar = false, logger = true } = options;
  return { phase, onStep, onEpoch, progBar, logger, sum: 0, weight: 0, isFresh: false };
}

const requirements: Validators = {
  name: text("the name of a metric"),
  ...{ onStep: optional(flag), onEpoch: optional(flag), progBar: optional(flag), logger: optional(flag) },
};

function nameOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}
