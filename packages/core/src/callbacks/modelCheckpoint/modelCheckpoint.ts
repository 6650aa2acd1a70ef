import { nonNegativeInteger, isObject, number, optional } from "../../options/validators.js";
import type { BestCheckpoint } from "../../checkpoint/bestCheckpoint.js";
import type { Callback } from "../../module/callback.js";
import { reasonOf } from "../../errors/describe.js";
import { notifyLoggers } from "../../loggers/logger.js";
import { noFiles } from "../../platform/platform.js";
import type { Stage } from "../../data/dataloaders.js";
import type { Module } from "../../module/module.js";
import type { TrainerView } from "../../module/trainerView.js";
import {
  actsAfterValidation,
  actsAtEpochEnd,
  missingMetric,
  type MonitorMode,
  warnIfNeverValidated,
} from "../monitor.js";
import { BestCheckpoints } from "./bestCheckpoints.js";
import { checkpointName } from "./checkpointName.js";
import {
  readModelCheckpointOptions,
  type ModelCheckpointOptions,
  type ReadModelCheckpointOptions,
} from "./modelCheckpointOptions.js";
import { passesMultiple } from "../../run/trainerState.js";
import { requireState } from "../../options/checkOptions.js";

/** The state of a `ModelCheckpoint` in a checkpoint. */
export interface ModelCheckpointState {
  readonly dirpath: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly lastModelPath: string;
  readonly lastStepSaved: number;
  /** The file that contains this state; `""` in a checkpoint that another caller made. */
  readonly path?: string;
  /** The epochs of the kept checkpoints by path. Checkpoints of earlier versions do not have it. */
  readonly epochs?: Readonly<Record<string, number>>;
}

const text = { expected: "a text", test: (value: unknown): boolean => typeof value === "string" };

const numbersByPath = {
  expected: "an object of numbers",
  test: (value: unknown): boolean => isObject(value) && Object.values(value).every(number.test),
};

const stateRequirements = {
  dirpath: text,
  scores: numbersByPath,
  lastModelPath: text,
  lastStepSaved: nonNegativeInteger,
  path: optional(text),
  epochs: optional(numbersByPath),
};

/**
 * Saves checkpoints during training, and keeps the best or the latest ones.
 *
 * A checkpoint that is no longer among the best is removed after its successor is written. The file that a run was resumed
 * from is never removed. Files of earlier runs are never replaced: if a name is taken, `-v1`, `-v2` and so on is appended.
 * While gradients accumulate, no checkpoint can be made, so a save waits for the next optimizer step.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; when a fit begins `UNAVAILABLE` if files can't be
 * written; during a run `INVALID_OPTION` if the metric has not been logged.
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
  /** The epochs of the files, also of removed ones. */
  #epochs: Readonly<Record<string, number>> = {};
  #lastModelPath = "";
  #lastStepSaved = 0;
  #lastStepSeen = 0;
  #hasValidated = false;
  #isDeferred = false;
  /** The file that is being written; its state contains this path. */
  #savingAs = "";
  /** The file that this run was resumed from. */
  #origin: string | null = null;

  constructor(given: ModelCheckpointOptions = {}) {
    this.#options = readModelCheckpointOptions(given);
    this.#best = this.#bestOf({});
    const { monitor = "latest", mode, everyNTrainSteps, everyNEpochs } = this.#options;
    this.stateKey = `ModelCheckpoint ${monitor} ${mode} ${everyNTrainSteps} ${everyNEpochs}`;
  }

  /** The logged metric that ranks the checkpoints; `null` if none does. */
  get monitor(): string | null {
    return this.#options.monitor ?? null;
  }

  /** Whether the metric should decrease or increase. */
  get mode(): MonitorMode {
    return this.#options.mode;
  }

  /** Folder of the checkpoints; `""` before the first fit if it is the Trainer's. */
  get dirpath(): string {
    return this.#dirpath === "" ? (this.#options.dirpath ?? "") : this.#dirpath;
  }

  /** Path of the best checkpoint, or of the latest one without `monitor`; `""` before the first. */
  get bestModelPath(): string {
    return this.#best.best?.path ?? "";
  }

  /** Metric value of the best checkpoint; `null` before the first and without `monitor`. */
  get bestModelScore(): number | null {
    return this.#options.monitor === undefined ? null : (this.#best.best?.score ?? null);
  }

  /** The best checkpoint with its metric; `null` before the first and without `monitor`. */
  get bestCheckpoint(): BestCheckpoint | null {
    const { best } = this.#best;
    const { monitor } = this.#options;
    if (best === null || monitor === undefined) return null;
    return { ...best, monitor, epoch: this.#epochs[best.path] ?? null };
  }

  /**
   * The latest checkpoint that is kept as such, and the optimizer steps before it: `last.ckpt`, or without `monitor` the latest
   * file; `null` before the first and with neither.
   */
  get lastCheckpoint(): { readonly path: string; readonly step: number } | null {
    const latest = this.#options.monitor === undefined ? this.bestModelPath : "";
    const path = this.#lastModelPath === "" ? latest : this.#lastModelPath;
    return path === "" ? null : { path, step: this.#lastStepSaved };
  }

  /** Metric values of the kept checkpoints by path; without `monitor`, their steps. */
  get bestKModels(): Readonly<Record<string, number>> {
    return this.#best.scores;
  }

  /** Path of `last.ckpt`; `""` before the first save and without `saveLast`. */
  get lastModelPath(): string {
    return this.#lastModelPath;
  }

  async setup(trainer: TrainerView, _module: Module, stage: Stage): Promise<void> {
    if (stage !== "fit") return;
    this.#dirpath = this.#options.dirpath ?? `${trainer.defaultRootDir}/checkpoints`;
    this.#best = this.#bestOf({});
    this.#epochs = {};
    this.#lastModelPath = "";
    [this.#lastStepSaved, this.#lastStepSeen] = [0, 0];
    [this.#hasValidated, this.#isDeferred] = [false, false];
    this.#savingAs = "";
    this.#origin = null;
    // Reports now what would otherwise fail after an epoch. A dev run saves nothing.
    const { files, isDevRun } = trainer;
    if (!isDevRun || files === noFiles) await files.prepare?.(`${this.#dirpath}/checkpoint.ckpt`);
  }

  /** A file that was removed after the checkpoint was made would count as the best, and keep others from being saved. */
  async onFitStart({ files, display }: TrainerView): Promise<void> {
    const kept: [string, number][] = [];
    for (const [path, score] of Object.entries(this.#best.scores)) {
      if ((await files.exists?.(path)) ?? true) kept.push([path, score]);
      else display.warn(`${path} is gone since the checkpoint was made: it does not count among the best.`);
    }
    this.#best = this.#bestOf(Object.fromEntries(kept));
  }

  onTrainStart(trainer: TrainerView): void {
    this.#lastStepSeen = trainer.globalStep;
    const { everyNEpochs, saveOnTrainEpochEnd } = this.#options;
    if (everyNEpochs > 0) warnIfNeverValidated(trainer, "ModelCheckpoint", { saveOnTrainEpochEnd });
  }

  async onTrainEnd(trainer: TrainerView): Promise<void> {
    const { saveLast, everyNTrainSteps, everyNEpochs } = this.#options;
    if (!saveLast || everyNTrainSteps + everyNEpochs === 0) return;
    // Training may end between two saves, but `last.ckpt` must be the state at the end.
    if (!this.#mustNotSave(trainer) && !trainer.isAccumulating) await this.#saveLast(trainer);
  }

  async onTrainBatchEnd(trainer: TrainerView): Promise<void> {
    const { everyNTrainSteps } = this.#options;
    const [before, now] = [this.#lastStepSeen, trainer.globalStep];
    this.#lastStepSeen = now;
    const isDue = everyNTrainSteps > 0 && passesMultiple(before, now, everyNTrainSteps);
    if (isDue || this.#isDeferred) await this.#save(trainer);
  }

  async onValidationEnd(trainer: TrainerView): Promise<void> {
    this.#hasValidated ||= trainer.hasValidation && !trainer.isSanityChecking;
    if (actsAfterValidation(trainer, this.#options.saveOnTrainEpochEnd)) await this.#saveByEpoch(trainer);
  }

  async onTrainEpochEnd(trainer: TrainerView): Promise<void> {
    if (actsAtEpochEnd(trainer, this.#options.saveOnTrainEpochEnd)) await this.#saveByEpoch(trainer);
    else if (this.#isDeferred) await this.#save(trainer);
  }

  stateDict(): ModelCheckpointState {
    return {
      dirpath: this.#dirpath,
      scores: this.#best.scores,
      lastModelPath: this.#lastModelPath,
      lastStepSaved: this.#lastStepSaved,
      path: this.#savingAs,
      epochs: this.#keptEpochs(),
    };
  }

  loadStateDict(state: ModelCheckpointState): void {
    requireState("ModelCheckpoint", state, stateRequirements);
    const { dirpath, scores, lastModelPath, lastStepSaved, path = "", epochs = {} } = state;
    this.#lastStepSaved = lastStepSaved;
    // Files in another folder belong to another run and must not be removed.
    if (dirpath !== this.#dirpath) return;
    const isInside = (file: string): boolean =>
      file.startsWith(`${dirpath}/`) && !/(^|[\\/])\.\.([\\/]|$)/.test(file.slice(dirpath.length));
    this.#best = this.#bestOf(Object.fromEntries(Object.entries(scores).filter(([file]) => isInside(file))));
    this.#epochs = epochs;
    this.#lastModelPath = isInside(lastModelPath) ? lastModelPath : "";
    this.#origin = path;
  }

  #keptEpochs(): Readonly<Record<string, number>> {
    const { scores } = this.#best;
    return Object.fromEntries(Object.entries(this.#epochs).filter(([path]) => Object.hasOwn(scores, path)));
  }

  async #saveByEpoch(trainer: TrainerView): Promise<void> {
    const { everyNEpochs } = this.#options;
    if (everyNEpochs > 0 && (trainer.currentEpoch + 1) % everyNEpochs === 0) await this.#save(trainer);
  }

  async #save(trainer: TrainerView): Promise<void> {
    if (this.#mustNotSave(trainer)) return;
    this.#isDeferred = trainer.isAccumulating;
    if (this.#isDeferred) return;
    const { saveLast, saveTopK } = this.#options;
    const score = saveTopK === 0 ? null : this.#score(trainer);
    const before = this.#lastStepSaved;
    this.#lastStepSaved = trainer.globalStep;
    if (score !== null && this.#best.admits(score)) await this.#saveBest(trainer, score, before);
    if (saveLast) await this.#saveLast(trainer, before);
  }

  #mustNotSave({ isDevRun, isInterrupted, globalStep }: TrainerView): boolean {
    // An interrupted epoch would be taken for a complete one.
    return isDevRun || isInterrupted || this.#lastStepSaved === globalStep;
  }

  async #saveBest(trainer: TrainerView, score: number, stepBefore: number): Promise<void> {
    const [before, epochsBefore] = [this.#best, this.#epochs];
    let fallen: string | null = null;
    const take = (path: string): void => {
      this.#best = this.#bestOf(before.scores);
      this.#epochs = { ...this.#keptEpochs(), [path]: trainer.currentEpoch };
      // The file lists itself, so that a resumed run can remove it later.
      fallen = this.#best.add(path, score);
    };
    const undo = (): void => {
      [this.#best, this.#epochs] = [before, epochsBefore];
      this.#lastStepSaved = stepBefore;
    };
    const path = await this.#writeUnderFreeName(trainer, this.#nameOf(trainer), before.scores, {
      take,
      undo,
    });
    if (path !== null) await this.#remove(trainer, fallen, path);
  }

  async #saveLast(trainer: TrainerView, stepBefore: number = this.#lastStepSaved): Promise<void> {
    const before = this.#lastModelPath;
    this.#lastStepSaved = trainer.globalStep;
    const take = (path: string): void => {
      this.#lastModelPath = path;
    };
    const undo = (): void => {
      this.#lastModelPath = before;
      this.#lastStepSaved = stepBefore;
    };
    if (before === "") await this.#writeUnderFreeName(trainer, "last", {}, { take, undo });
    else await this.#write(trainer, before, true, undo);
  }

  async #remove(trainer: TrainerView, fallen: string | null, written: string): Promise<void> {
    if (fallen === null || fallen === written || fallen === this.#origin) return;
    await this.#trying(
      trainer,
      () => trainer.files.remove(fallen),
      () => undefined,
    );
  }

  /**
   * Writes a file, with a version in its name if the name is taken. Only a file of this run is replaced, and only if this
   * run keeps a single file.
   *
   * @param own - The files of this run.
   * @returns The path; `null` if the file can't be written.
   */
  async #writeUnderFreeName(
    trainer: TrainerView,
    name: string,
    own: Readonly<Record<string, number>>,
    { take, undo }: { readonly take: (path: string) => void; readonly undo: () => void },
  ): Promise<string | null> {
    const { files } = trainer;
    for (let version = 0; ; version++) {
      const path = `${this.#dirpath}/${name}${version === 0 ? "" : `-v${version}`}.ckpt`;
      const isOwn = Object.hasOwn(own, path);
      if (isOwn ? this.#options.saveTopK !== 1 : ((await files.exists?.(path)) ?? false)) continue;
      take(path);
      const outcome = await this.#write(trainer, path, isOwn, undo);
      if (outcome !== "taken") return outcome === "written" ? path : null;
    }
  }

  /**
   * Writes a file, and calls `undo` if it can't be written.
   *
   * @param isOwn - Whether the file replaces a file of this run. Otherwise it replaces nothing, also when another program
   * creates the path in the meantime.
   */
  async #write(
    trainer: TrainerView,
    path: string,
    isOwn: boolean,
    undo: () => void,
  ): Promise<"written" | "taken" | "failed"> {
    const saved = { isWritten: true };
    const save = async (): Promise<void> => {
      if (isOwn) await trainer.saveCheckpoint(path);
      else saved.isWritten = await trainer.saveNewCheckpoint(path);
    };
    this.#savingAs = path;
    try {
      const isDone = await this.#trying(trainer, save, undo);
      if (!isDone) return "failed";
      if (!saved.isWritten) return "taken";
    } finally {
      this.#savingAs = "";
    }
    await notifyLoggers(trainer.loggers, (logger) => logger.afterSaveCheckpoint?.(path, this, trainer.files));
    return "written";
  }

  async #trying(trainer: TrainerView, act: () => Promise<void>, undo: () => void): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      undo();
      if (this.#options.onError === "stop") throw error;
      trainer.display.warn(`ModelCheckpoint continues without saving: ${reasonOf(error)}`);
      return false;
    }
  }

  /** The score that ranks checkpoints, with NaN as the worst value; `null` if it is not known yet. */
  #score(trainer: TrainerView): number | null {
    const { monitor, mode } = this.#options;
    if (monitor === undefined) return trainer.globalStep;
    const value = trainer.callbackMetrics[monitor];
    if (value !== undefined) return Number.isNaN(value) ? (mode === "min" ? Infinity : -Infinity) : value;
    // A checkpoint that is saved by steps may come before the first validation.
    if (trainer.hasValidation && !this.#hasValidated) return null;
    throw missingMetric("ModelCheckpoint", monitor, trainer);
  }

  #nameOf({ currentEpoch: epoch, globalStep: step, callbackMetrics }: TrainerView): string {
    const { filename, autoInsertMetricName } = this.#options;
    return checkpointName(filename, { ...callbackMetrics, epoch, step }, autoInsertMetricName);
  }

  #bestOf(scores: Readonly<Record<string, number>>): BestCheckpoints {
    const { monitor, mode, saveTopK } = this.#options;
    // Without a metric, the step is the score, so that the latest checkpoints are kept.
    return new BestCheckpoints(monitor === undefined ? "max" : mode, saveTopK, scores);
  }
}
