import { readOptions, requireState } from "../options/checkOptions.js";
import {
  count,
  nonNegativeInteger,
  flag,
  finite,
  notNegative,
  number,
  oneOf,
  optional,
  orNull,
} from "../options/validators.js";
import type { Callback } from "../module/callback.js";
import type { Stage } from "../data/dataloaders.js";
import type { Module } from "../module/module.js";
import type { TrainerView } from "../module/trainerView.js";
import {
  actsAtEpochEnd,
  warnIfNeverValidated,
  isBetter,
  type MonitorMode,
  missingMetric,
  monitorName,
} from "./monitor.js";

/** The settings of {@link EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** The logged metric to watch, e.g. `"val_loss"`. */
  readonly monitor: string;
  /** Whether the metric is to fall or to rise. @defaultValue "min" */
  readonly mode?: MonitorMode;
  /** After how many checks in a row without improvement training ends. @defaultValue 3 */
  readonly patience?: number;
  /** By how much the metric must be better than its best to count as improved. @defaultValue 0 */
  readonly minDelta?: number;
  /** Ends training as soon as the metric is better than this. @defaultValue off */
  readonly stoppingThreshold?: number;
  /** Ends training as soon as the metric is worse than this. @defaultValue off */
  readonly divergenceThreshold?: number;
  /** Ends training when the metric is NaN or infinite. @defaultValue true */
  readonly checkFinite?: boolean;
  /** Whether a metric that nobody has logged is an error; with `false` it is a warning. @defaultValue true */
  readonly strict?: boolean;
  /**
   * Checks at the end of each training epoch, and not of each validation.
   * @defaultValue true where each epoch ends with one validation, or there is none
   */
  readonly checkOnTrainEpochEnd?: boolean;
}

/** What early stopping remembers in a checkpoint. */
export interface EarlyStoppingState {
  readonly waitCount: number;
  readonly stoppedEpoch: number | null;
  readonly bestScore: number | null;
}

const defaults = { mode: "min", patience: 3, minDelta: 0, checkFinite: true, strict: true } as const;

const start: EarlyStoppingState = { waitCount: 0, stoppedEpoch: null, bestScore: null };

const stateRequirements = {
  waitCount: nonNegativeInteger,
  stoppedEpoch: /* @__PURE__ */ orNull(nonNegativeInteger),
  bestScore: /* @__PURE__ */ orNull(number),
};

const requirements = {
  monitor: monitorName,
  mode: oneOf("min", "max"),
  patience: count,
  minDelta: notNegative,
  stoppingThreshold: optional(finite),
  divergenceThreshold: optional(finite),
  checkFinite: flag,
  strict: flag,
  checkOnTrainEpochEnd: optional(flag),
};

/**
 * Ends training when a metric has stopped improving, and shows why.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`; during a run `INVALID_OPTION` when nobody has logged
 * the metric.
 * @example
 * ```ts
 * new Trainer({ callbacks: [new EarlyStopping({ monitor: "val_loss", patience: 5 })] });
 * ```
 */
export class EarlyStopping implements Callback {
  readonly role = "monitor";
  readonly stateKey: string;
  readonly #options: Readonly<EarlyStoppingOptions> &
    Required<Pick<EarlyStoppingOptions, keyof typeof defaults>>;
  #state: EarlyStoppingState = start;
  #stoppingReason: string | null = null;
  #isTraining = false;

  constructor(given: EarlyStoppingOptions) {
    this.#options = readOptions("EarlyStopping", given, defaults, requirements);
    this.stateKey = `EarlyStopping ${given.monitor} ${this.#options.mode}`;
  }

  /** How many checks in a row have brought no improvement. */
  get waitCount(): number {
    return this.#state.waitCount;
  }

  /** The metric's best value so far, `null` before the first. */
  get bestScore(): number | null {
    return this.#state.bestScore;
  }

  /** The epoch, counted from 0, in which training was ended; `null` when it was not. */
  get stoppedEpoch(): number | null {
    return this.#state.stoppedEpoch;
  }

  /** Why training was ended, as a sentence; `null` when it was not. */
  get stoppingReason(): string | null {
    return this.#stoppingReason;
  }

  setup(_trainer: TrainerView, _module: Module, stage: Stage): void {
    this.#isTraining = false;
    if (stage !== "fit") return;
    this.#state = start;
    this.#stoppingReason = null;
  }

  onTrainStart(trainer: TrainerView): void {
    this.#isTraining = true;
    const { checkOnTrainEpochEnd } = this.#options;
    warnIfNeverValidated(trainer, "EarlyStopping", { checkOnTrainEpochEnd });
  }

  onTrainEnd(): void {
    this.#isTraining = false;
  }

  onValidationEnd(trainer: TrainerView): void {
    // A sanity check comes before training, and counts for nothing.
    if (this.#isTraining && !actsAtEpochEnd(trainer, this.#options.checkOnTrainEpochEnd))
      this.#check(trainer);
  }

  onTrainEpochEnd(trainer: TrainerView): void {
    if (actsAtEpochEnd(trainer, this.#options.checkOnTrainEpochEnd)) this.#check(trainer);
  }

  stateDict(): EarlyStoppingState {
    return this.#state;
  }

  loadStateDict(state: EarlyStoppingState): void {
    requireState("EarlyStopping", state, stateRequirements);
    const { waitCount, stoppedEpoch, bestScore } = state;
    this.#state = { waitCount, stoppedEpoch, bestScore };
  }

  #check(trainer: TrainerView): void {
    const { fastDevRun = false } = trainer.options;
    // An epoch that was broken off has no validation.
    if (fastDevRun !== false || trainer.isInterrupted) return;
    const { monitor, strict } = this.#options;
    const value = trainer.callbackMetrics[monitor];
    if (value === undefined) {
      const error = missingMetric("EarlyStopping", monitor, trainer);
      if (strict) throw error;
      trainer.display.warn(error.message);
      return;
    }
    const reason = this.#reasonToStop(value);
    if (reason === null) return;
    this.#state = { ...this.#state, stoppedEpoch: trainer.currentEpoch };
    this.#stoppingReason = reason;
    trainer.display.info(`Early stopping: ${reason}`);
    trainer.stop();
  }

  #reasonToStop(value: number): string | null {
    const { monitor, mode, minDelta, patience, checkFinite, stoppingThreshold, divergenceThreshold } =
      this.#options;
    if (checkFinite && !Number.isFinite(value)) return `\`${monitor}\` is ${value}.`;
    if (stoppingThreshold !== undefined && isBetter(mode, value, stoppingThreshold))
      return `\`${monitor}\` is ${value}, better than ${stoppingThreshold}.`;
    if (divergenceThreshold !== undefined && isBetter(mode, divergenceThreshold, value))
      return `\`${monitor}\` is ${value}, worse than ${divergenceThreshold}.`;
    const { bestScore, waitCount } = this.#state;
    const handicapped = mode === "min" ? value + minDelta : value - minDelta;
    if (bestScore === null ? !Number.isNaN(value) : isBetter(mode, handicapped, bestScore)) {
      this.#state = { ...this.#state, bestScore: value, waitCount: 0 };
      return null;
    }
    this.#state = { ...this.#state, waitCount: waitCount + 1 };
    if (waitCount + 1 < patience) return null;
    return `\`${monitor}\` has not improved in ${waitCount + 1} checks; its best was ${String(bestScore)}.`;
  }
}
