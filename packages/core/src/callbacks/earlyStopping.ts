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
  actsAfterValidation,
  actsAtEpochEnd,
  warnIfNeverValidated,
  isBetter,
  type MonitorMode,
  missingMetric,
  monitorName,
} from "./monitor.js";

/** The settings of {@link EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** The logged metric to monitor, e.g. `"val_loss"`. */
  readonly monitor: string;
  /** Whether the metric should decrease or increase. @defaultValue "min" */
  readonly mode?: MonitorMode;
  /** Number of consecutive checks without improvement after which training stops. @defaultValue 3 */
  readonly patience?: number;
  /** Smallest change of the metric that counts as an improvement. @defaultValue 0 */
  readonly minDelta?: number;
  /** Stops training as soon as the metric is better than this value. @defaultValue off */
  readonly stoppingThreshold?: number;
  /** Stops training as soon as the metric is worse than this value. @defaultValue off */
  readonly divergenceThreshold?: number;
  /** Stops training when the metric is NaN or infinite. @defaultValue true */
  readonly checkFinite?: boolean;
  /** Whether a metric that has not been logged is an error; with `false` it is a warning. @defaultValue true */
  readonly strict?: boolean;
  /**
   * Whether the metric is checked at the end of training epochs instead of after validations.
   * @defaultValue true if each epoch ends with one validation or has none
   */
  readonly checkOnTrainEpochEnd?: boolean;
}

/** The state of early stopping in a checkpoint. */
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
 * Stops training when a metric no longer improves, and shows the reason.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; during a run `INVALID_OPTION` when the metric has not
 * been logged.
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

  constructor(given: EarlyStoppingOptions) {
    this.#options = readOptions("EarlyStopping", given, defaults, requirements);
    this.stateKey = `EarlyStopping ${given.monitor} ${this.#options.mode}`;
  }

  /** Number of consecutive checks without improvement. */
  get waitCount(): number {
    return this.#state.waitCount;
  }

  /** Best value of the metric so far; `null` before the first check. */
  get bestScore(): number | null {
    return this.#state.bestScore;
  }

  /** Epoch, counted from 0, in which training was stopped; `null` if it was not. */
  get stoppedEpoch(): number | null {
    return this.#state.stoppedEpoch;
  }

  /** The reason why training was stopped, as a sentence; `null` if it was not. */
  get stoppingReason(): string | null {
    return this.#stoppingReason;
  }

  setup(_trainer: TrainerView, _module: Module, stage: Stage): void {
    if (stage !== "fit") return;
    this.#state = start;
    this.#stoppingReason = null;
  }

  onTrainStart(trainer: TrainerView): void {
    const { checkOnTrainEpochEnd } = this.#options;
    warnIfNeverValidated(trainer, "EarlyStopping", { checkOnTrainEpochEnd });
  }

  onValidationEnd(trainer: TrainerView): void {
    if (actsAfterValidation(trainer, this.#options.checkOnTrainEpochEnd)) this.#check(trainer);
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
    // An interrupted epoch has no validation.
    if (trainer.isDevRun || trainer.isInterrupted) return;
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
