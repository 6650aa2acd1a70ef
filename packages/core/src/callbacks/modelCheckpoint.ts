import { countOrNone, isObject, number } from "../options/requirements.js";
import type { Callback } from "../callback.js";
import { noFiles } from "../platform/files.js";
import type { Stage } from "../hooks/hookArgs.js";
import type { Module } from "../module.js";
import type { Trainer } from "../trainer.js";
import { actsAtEpochEnd } from "./actsAtEpochEnd.js";
import { BestCheckpoints } from "./bestCheckpoints.js";
import { checkpointName } from "./checkpointName.js";
import {
  readModelCheckpointOptions,
  type ModelCheckpointOptions,
  type ReadModelCheckpointOptions,
} from "./modelCheckpointOptions.js";
import { missingMetric } from "./monitored.js";
import { requireState } from "./requireState.js";

/** What a `ModelCheckpoint` remembers in a checkpoint. */
export interface ModelCheckpointState {
  readonly dirpath: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly lastModelPath: string;
  readonly lastStepSaved: number;
}

const stateRequirements = {
  dirpath: { words: "a text", holds: (value: unknown): boolean => typeof value === "string" },
  scores: {
    words: "an object of numbers",
    holds: (value: unknown): boolean => isObject(value) && Object.values(value).every(number.holds),
  },
  lastModelPath: { words: "a text", holds: (value: unknown): boolean => typeof value === "string" },
  lastStepSaved: countOrNone,
};

/**
 * Saves checkpoints while training, and keeps the best or the latest.
 *
 * What fell out of the best is removed only when its follower is written. A file that is there already, from an earlier
 * run, is replaced. Within a window of gathered gradients, where no checkpoint can be made, a save is put off until the
 * optimizer has stepped.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`; when fitting begins `UNAVAILABLE` where there are no
 * files; during a run `INVALID_OPTION` when nobody has logged the metric.
 * @example
 * ```ts
 * const best = new ModelCheckpoint({ monitor: "val_loss", filename: "{epoch}-{val_loss:.3f}", saveLast: true });
 * await new Trainer({ callbacks: [best] }).fit(model, data);
 * best.bestModelPath; // "./checkpoints/epoch=7-val_loss=0.103.ckpt"
 * ```
 */
export class ModelCheckpoint implements Callback {
  readonly role = "checkpoint";
  readonly stateKey: string;
  readonly #options: ReadModelCheckpointOptions;
  #dirpath = "";
  #best: BestCheckpoints;
  #lastModelPath = "";
  #lastStepSaved = 0;
  #lastStepSeen = 0;
  #isTraining = false;
  #hasValidated = false;
  #isPutOff = false;

  constructor(given: ModelCheckpointOptions = {}) {
    this.#options = readModelCheckpointOptions(given);
    this.#best = this.#bestOf({});
    const { monitor = "latest", mode, everyNTrainSteps, everyNEpochs } = this.#options;
    this.stateKey = `ModelCheckpoint ${monitor} ${mode} ${everyNTrainSteps} ${everyNEpochs}`;
  }

  /** The path of the best checkpoint, or of the latest without `monitor`; `""` before the first. */
  get bestModelPath(): string {
    return this.#best.best?.path ?? "";
  }

  /** The metric's value of the best checkpoint; `null` before the first and without `monitor`. */
  get bestModelScore(): number | null {
    return this.#options.monitor === undefined ? null : (this.#best.best?.score ?? null);
  }

  /** The metric's values of the checkpoints that are kept, by their paths; without `monitor` the steps. */
  get bestKModels(): Readonly<Record<string, number>> {
    return this.#best.scores;
  }

  /** The path of `last.ckpt`; `""` before the first save or without `saveLast`. */
  get lastModelPath(): string {
    return this.#lastModelPath;
  }

  async setup(trainer: Trainer, _module: Module, stage: Stage): Promise<void> {
    if (stage !== "fit") return;
    this.#dirpath = this.#options.dirpath ?? `${trainer.defaultRootDir}/checkpoints`;
    this.#best = this.#bestOf({});
    this.#lastModelPath = "";
    [this.#lastStepSaved, this.#lastStepSeen] = [0, 0];
    [this.#isTraining, this.#hasValidated, this.#isPutOff] = [false, false, false];
    // Where there are no files, the first save would fail after an epoch; better now.
    if (trainer.files === noFiles) await noFiles.write(this.#dirpath, new Uint8Array());
  }

  onTrainStart(trainer: Trainer): void {
    this.#isTraining = true;
    this.#lastStepSeen = trainer.globalStep;
  }

  onTrainEnd(): void {
    this.#isTraining = false;
  }

  async onTrainBatchEnd(trainer: Trainer): Promise<void> {
    const { everyNTrainSteps } = this.#options;
    const [before, now] = [this.#lastStepSeen, trainer.globalStep];
    this.#lastStepSeen = now;
    // A batch takes no step while gradients are gathered, and several when a module optimizes by hand.
    const isDue =
      everyNTrainSteps > 0 && Math.floor(now / everyNTrainSteps) > Math.floor(before / everyNTrainSteps);
    if (isDue || this.#isPutOff) await this.#save(trainer);
  }

  async onValidationEnd(trainer: Trainer): Promise<void> {
    if (!this.#isTraining) return;
    this.#hasValidated = true;
    if (!actsAtEpochEnd(trainer, this.#options.saveOnTrainEpochEnd)) await this.#saveByEpoch(trainer);
  }

  async onTrainEpochEnd(trainer: Trainer): Promise<void> {
    if (actsAtEpochEnd(trainer, this.#options.saveOnTrainEpochEnd)) await this.#saveByEpoch(trainer);
    else if (this.#isPutOff) await this.#save(trainer);
  }

  stateDict(): ModelCheckpointState {
    return {
      dirpath: this.#dirpath,
      scores: this.#best.scores,
      lastModelPath: this.#lastModelPath,
      lastStepSaved: this.#lastStepSaved,
    };
  }

  loadStateDict(state: ModelCheckpointState): void {
    requireState("ModelCheckpoint", state, stateRequirements);
    const { dirpath, scores, lastModelPath, lastStepSaved } = state;
    this.#lastStepSaved = lastStepSaved;
    // What lies in another folder is another run's, and is not to be removed.
    if (dirpath !== this.#dirpath) return;
    this.#best = this.#bestOf(scores);
    this.#lastModelPath = lastModelPath;
  }

  async #saveByEpoch(trainer: Trainer): Promise<void> {
    const { everyNEpochs } = this.#options;
    if (everyNEpochs > 0 && (trainer.currentEpoch + 1) % everyNEpochs === 0) await this.#save(trainer);
  }

  async #save(trainer: Trainer): Promise<void> {
    const { fastDevRun = false } = trainer.options;
    // An epoch that was broken off would be taken for a whole one.
    if (fastDevRun !== false || trainer.isInterrupted || this.#lastStepSaved === trainer.globalStep) return;
    this.#isPutOff = trainer.isAccumulating;
    if (this.#isPutOff) return;
    this.#lastStepSaved = trainer.globalStep;
    const { saveLast, saveTopK } = this.#options;
    const score = saveTopK === 0 ? null : this.#score(trainer);
    if (score !== null && this.#best.admits(score)) await this.#saveBest(trainer, score);
    if (!saveLast) return;
    this.#lastModelPath = `${this.#dirpath}/last.ckpt`;
    await trainer.saveCheckpoint(this.#lastModelPath);
  }

  async #saveBest(trainer: Trainer, score: number): Promise<void> {
    const path = this.#freePath(trainer);
    // The file is to know of itself, so that a resumed run removes it in its turn.
    const fallen = this.#best.add(path, score);
    await trainer.saveCheckpoint(path);
    if (fallen !== null && fallen !== path) await trainer.files.remove(fallen);
  }

  /** The score by which checkpoints are kept, NaN made the worst of all; `null` when it is not there yet. */
  #score(trainer: Trainer): number | null {
    const { monitor, mode } = this.#options;
    if (monitor === undefined) return trainer.globalStep;
    const value = trainer.callbackMetrics[monitor];
    if (value !== undefined) return Number.isNaN(value) ? (mode === "min" ? Infinity : -Infinity) : value;
    // Saved by steps, a checkpoint may come before the first validation.
    if (trainer.hasValidation && !this.#hasValidated) return null;
    throw missingMetric("ModelCheckpoint", monitor, trainer);
  }

  /** The path by the pattern, with a version where several that are kept would have one name. */
  #freePath(trainer: Trainer): string {
    const { filename, autoInsertMetricName, saveTopK } = this.#options;
    const { currentEpoch: epoch, globalStep: step, callbackMetrics } = trainer;
    const name = checkpointName(filename, { ...callbackMetrics, epoch, step }, autoInsertMetricName);
    const pathOf = (version: number): string =>
      `${this.#dirpath}/${name}${version === 0 ? "" : `-v${version}`}.ckpt`;
    if (saveTopK === 1) return pathOf(0);
    let version = 0;
    while (pathOf(version) in this.#best.scores) version += 1;
    return pathOf(version);
  }

  #bestOf(scores: Readonly<Record<string, number>>): BestCheckpoints {
    const { monitor, mode, saveTopK } = this.#options;
    // Without a metric the step is the score, so that the latest are the best.
    return new BestCheckpoints(monitor === undefined ? "max" : mode, saveTopK, scores);
  }
}
