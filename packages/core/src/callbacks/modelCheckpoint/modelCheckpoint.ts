import { nonNegativeInteger, isObject, number, optional } from "../../options/validators.js";
import type { Callback } from "../../module/callback.js";
import { reasonOf } from "../../errors/describe.js";
import { noFiles } from "../../platform/platform.js";
import type { Stage } from "../../data/dataloaders.js";
import type { Module } from "../../module/module.js";
import type { TrainerView } from "../../module/trainerView.js";
import { actsAtEpochEnd, warnIfNeverValidated, missingMetric } from "../monitor.js";
import { BestCheckpoints } from "./bestCheckpoints.js";
import { checkpointName } from "./checkpointName.js";
import {
  readModelCheckpointOptions,
  type ModelCheckpointOptions,
  type ReadModelCheckpointOptions,
} from "./modelCheckpointOptions.js";
import { passesMultiple } from "../../run/trainerState.js";
import { requireState } from "../../options/checkOptions.js";

/** What a `ModelCheckpoint` remembers in a checkpoint. */
export interface ModelCheckpointState {
  readonly dirpath: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly lastModelPath: string;
  readonly lastStepSaved: number;
  /** The file in which this state stands; `""` in a checkpoint that the callback has not written. */
  readonly path?: string;
}

const text = { expected: "a text", test: (value: unknown): boolean => typeof value === "string" };

const stateRequirements = {
  dirpath: text,
  scores: {
    expected: "an object of numbers",
    test: (value: unknown): boolean => isObject(value) && Object.values(value).every(number.test),
  },
  lastModelPath: text,
  lastStepSaved: nonNegativeInteger,
  path: optional(text),
};

/**
 * Saves checkpoints while training, and keeps the best or the latest.
 *
 * What fell out of the best is removed only when its follower is written, and the file that a run was resumed from never.
 * Files of earlier runs stay: where one has the name, `-v1` and so on is put after it. Within a window of gathered gradients, where no checkpoint can be made, a save is put off until the
 * optimizer has stepped.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`; when fitting begins `UNAVAILABLE` where there are no
 * files, or none can be written; during a run `INVALID_OPTION` when nobody has logged the metric.
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
  /** The file that is being written, which its state is to name. */
  #savingAs = "";
  /** The file that this run goes on from. */
  #origin: string | null = null;

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

  async setup(trainer: TrainerView, _module: Module, stage: Stage): Promise<void> {
    if (stage !== "fit") return;
    this.#dirpath = this.#options.dirpath ?? `${trainer.defaultRootDir}/checkpoints`;
    this.#best = this.#bestOf({});
    this.#lastModelPath = "";
    [this.#lastStepSaved, this.#lastStepSeen] = [0, 0];
    [this.#isTraining, this.#hasValidated, this.#isPutOff] = [false, false, false];
    this.#savingAs = "";
    this.#origin = null;
    // What can't be written would be noticed after an epoch; better now. A dry run saves nothing.
    const { files, options } = trainer;
    const isDry = (options.fastDevRun ?? false) !== false && files !== noFiles;
    if (!isDry) await files.prepare?.(`${this.#dirpath}/checkpoint.ckpt`);
  }

  onTrainStart(trainer: TrainerView): void {
    this.#isTraining = true;
    this.#lastStepSeen = trainer.globalStep;
    const { everyNEpochs, saveOnTrainEpochEnd } = this.#options;
    if (everyNEpochs > 0) warnIfNeverValidated(trainer, "ModelCheckpoint", { saveOnTrainEpochEnd });
  }

  async onTrainEnd(trainer: TrainerView): Promise<void> {
    this.#isTraining = false;
    const { saveLast, everyNTrainSteps, everyNEpochs } = this.#options;
    if (!saveLast || everyNTrainSteps + everyNEpochs === 0) return;
    // Training need not end where a save is due, and the last is to be the last.
    if (!this.#isHeldBack(trainer) && !trainer.isAccumulating) await this.#saveLast(trainer);
  }

  async onTrainBatchEnd(trainer: TrainerView): Promise<void> {
    const { everyNTrainSteps } = this.#options;
    const [before, now] = [this.#lastStepSeen, trainer.globalStep];
    this.#lastStepSeen = now;
    const isDue = everyNTrainSteps > 0 && passesMultiple(before, now, everyNTrainSteps);
    if (isDue || this.#isPutOff) await this.#save(trainer);
  }

  async onValidationEnd(trainer: TrainerView): Promise<void> {
    if (!this.#isTraining) return;
    this.#hasValidated = true;
    if (!actsAtEpochEnd(trainer, this.#options.saveOnTrainEpochEnd)) await this.#saveByEpoch(trainer);
  }

  async onTrainEpochEnd(trainer: TrainerView): Promise<void> {
    if (actsAtEpochEnd(trainer, this.#options.saveOnTrainEpochEnd)) await this.#saveByEpoch(trainer);
    else if (this.#isPutOff) await this.#save(trainer);
  }

  stateDict(): ModelCheckpointState {
    return {
      dirpath: this.#dirpath,
      scores: this.#best.scores,
      lastModelPath: this.#lastModelPath,
      lastStepSaved: this.#lastStepSaved,
      path: this.#savingAs,
    };
  }

  loadStateDict(state: ModelCheckpointState): void {
    requireState("ModelCheckpoint", state, stateRequirements);
    const { dirpath, scores, lastModelPath, lastStepSaved, path = "" } = state;
    this.#lastStepSaved = lastStepSaved;
    // What lies in another folder is another run's, and is not to be removed.
    if (dirpath !== this.#dirpath) return;
    const isInside = (file: string): boolean =>
      file.startsWith(`${dirpath}/`) && !/(^|[\\/])\.\.([\\/]|$)/.test(file.slice(dirpath.length));
    this.#best = this.#bestOf(Object.fromEntries(Object.entries(scores).filter(([file]) => isInside(file))));
    this.#lastModelPath = isInside(lastModelPath) ? lastModelPath : "";
    this.#origin = path;
  }

  async #saveByEpoch(trainer: TrainerView): Promise<void> {
    const { everyNEpochs } = this.#options;
    if (everyNEpochs > 0 && (trainer.currentEpoch + 1) % everyNEpochs === 0) await this.#save(trainer);
  }

  async #save(trainer: TrainerView): Promise<void> {
    if (this.#isHeldBack(trainer)) return;
    this.#isPutOff = trainer.isAccumulating;
    if (this.#isPutOff) return;
    const { saveLast, saveTopK } = this.#options;
    const score = saveTopK === 0 ? null : this.#score(trainer);
    const before = this.#lastStepSaved;
    this.#lastStepSaved = trainer.globalStep;
    if (score !== null && this.#best.admits(score)) await this.#saveBest(trainer, score, before);
    if (saveLast) await this.#saveLast(trainer, before);
  }

  #isHeldBack({ options, isInterrupted, globalStep }: TrainerView): boolean {
    const { fastDevRun = false } = options;
    // An epoch that was broken off would be taken for a whole one.
    return fastDevRun !== false || isInterrupted || this.#lastStepSaved === globalStep;
  }

  async #saveBest(trainer: TrainerView, score: number, stepBefore: number): Promise<void> {
    const before = this.#best;
    let fallen: string | null = null;
    const take = (path: string): void => {
      this.#best = this.#bestOf(before.scores);
      // The file is to know of itself, so that a resumed run removes it in its turn.
      fallen = this.#best.add(path, score);
    };
    const putBack = (): void => {
      this.#best = before;
      this.#lastStepSaved = stepBefore;
    };
    const path = await this.#writtenFree(trainer, this.#nameOf(trainer), before.scores, { take, putBack });
    if (path !== null) await this.#remove(trainer, fallen, path);
  }

  async #saveLast(trainer: TrainerView, stepBefore: number = this.#lastStepSaved): Promise<void> {
    const before = this.#lastModelPath;
    this.#lastStepSaved = trainer.globalStep;
    const take = (path: string): void => {
      this.#lastModelPath = path;
    };
    const putBack = (): void => {
      this.#lastModelPath = before;
      this.#lastStepSaved = stepBefore;
    };
    if (before === "") await this.#writtenFree(trainer, "last", {}, { take, putBack });
    else await this.#written(trainer, before, true, putBack);
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
   * Writes a file under a name by which it replaces nothing but the one file of this run that is kept, by a version where need
   * be, and gives its path; `null` where it can't be written.
   *
   * @param own - The files of this run.
   */
  async #writtenFree(
    trainer: TrainerView,
    name: string,
    own: Readonly<Record<string, number>>,
    { take, putBack }: { readonly take: (path: string) => void; readonly putBack: () => void },
  ): Promise<string | null> {
    const { files } = trainer;
    for (let version = 0; ; version++) {
      const path = `${this.#dirpath}/${name}${version === 0 ? "" : `-v${version}`}.ckpt`;
      const isOwn = Object.hasOwn(own, path);
      if (isOwn ? this.#options.saveTopK !== 1 : ((await files.exists?.(path)) ?? false)) continue;
      take(path);
      const outcome = await this.#written(trainer, path, isOwn, putBack);
      if (outcome !== "taken") return outcome === "written" ? path : null;
    }
  }

  /**
   * Writes a file; where it can't be written, things are put back.
   *
   * @param isOwn - Whether it replaces a file of this run. Another must not: a second program may take the path meanwhile.
   */
  async #written(
    trainer: TrainerView,
    path: string,
    isOwn: boolean,
    putBack: () => void,
  ): Promise<"written" | "taken" | "failed"> {
    const saved = { isWritten: true };
    const save = async (): Promise<void> => {
      if (isOwn) await trainer.saveCheckpoint(path);
      else saved.isWritten = await trainer.saveNewCheckpoint(path);
    };
    this.#savingAs = path;
    try {
      const isDone = await this.#trying(trainer, save, putBack);
      if (!isDone) return "failed";
      return saved.isWritten ? "written" : "taken";
    } finally {
      this.#savingAs = "";
    }
  }

  async #trying(trainer: TrainerView, act: () => Promise<void>, putBack: () => void): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      putBack();
      if (this.#options.onError === "stop") throw error;
      trainer.display.warn(`ModelCheckpoint trains on: ${reasonOf(error)}`);
      return false;
    }
  }

  /** The score by which checkpoints are kept, NaN made the worst of all; `null` when it is not there yet. */
  #score(trainer: TrainerView): number | null {
    const { monitor, mode } = this.#options;
    if (monitor === undefined) return trainer.globalStep;
    const value = trainer.callbackMetrics[monitor];
    if (value !== undefined) return Number.isNaN(value) ? (mode === "min" ? Infinity : -Infinity) : value;
    // Saved by steps, a checkpoint may come before the first validation.
    if (trainer.hasValidation && !this.#hasValidated) return null;
    throw missingMetric("ModelCheckpoint", monitor, trainer);
  }

  #nameOf({ currentEpoch: epoch, globalStep: step, callbackMetrics }: TrainerView): string {
    const { filename, autoInsertMetricName } = this.#options;
    return checkpointName(filename, { ...callbackMetrics, epoch, step }, autoInsertMetricName);
  }

  #bestOf(scores: Readonly<Record<string, number>>): BestCheckpoints {
    const { monitor, mode, saveTopK } = this.#options;
    // Without a metric the step is the score, so that the latest are the best.
    return new BestCheckpoints(monitor === undefined ? "max" : mode, saveTopK, scores);
  }
}
