import { counted } from "../errors/counted.js";
import { readOptions, requireState } from "../options/checkOptions.js";
import {
  count,
  nonNegativeInteger,
  flag,
  finite,
  isObject,
  notNegative,
  number,
  oneOf,
  optional,
  orNull,
} from "../options/validators.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { Callback } from "../module/callback.js";
import type { Stage } from "../data/dataloaders.js";
import type { Module } from "../module/module.js";
import { findVariables } from "../module/moduleVariables.js";
import type { TrainerView } from "../module/trainerView.js";
import { BestWeights, type BestWeightsState } from "./bestWeights.js";
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
  /**
   * Whether the module gets the weights of its best check when training ends, in whichever way but by an error. They are kept
   * in memory, and in checkpoints beside the weights of the last step. Not with `WeightAveraging`. @defaultValue false
   */
  readonly restoreBest?: boolean;
}

/** The state of early stopping in a checkpoint. */
export interface EarlyStoppingState {
  readonly waitCount: number;
  readonly stoppedEpoch: number | null;
  readonly bestScore: number | null;
}

const defaults = {
  ...{ mode: "min", patience: 3, minDelta: 0, checkFinite: true, strict: true },
  restoreBest: false,
} as const;

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
  restoreBest: flag,
};

/**
 * Stops training when a metric no longer improves, and shows the reason. With `restoreBest` the module then has the weights
 * with the best value of the metric, also if training ends in another way.
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
  readonly replacesWeights: boolean;
  readonly #options: Readonly<EarlyStoppingOptions> &
    Required<Pick<EarlyStoppingOptions, keyof typeof defaults>>;
  #state: EarlyStoppingState = start;
  #stoppingReason: string | null = null;
  #best: BestWeights | null = null;
  #savedBest: BestWeightsState | null = null;
  #restoredEpoch: number | null = null;

  constructor(given: EarlyStoppingOptions) {
    this.#options = readOptions("EarlyStopping", given, defaults, requirements);
    this.stateKey = `EarlyStopping ${given.monitor} ${this.#options.mode}`;
    this.replacesWeights = this.#options.restoreBest;
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

  /** Epoch, counted from 0, whose weights the module got back when training ended; `null` if it kept its own. */
  get restoredEpoch(): number | null {
    return this.#restoredEpoch;
  }

  setup(_trainer: TrainerView, module: Module, stage: Stage): void {
    if (stage !== "fit") return;
    this.#state = start;
    [this.#stoppingReason, this.#restoredEpoch, this.#savedBest] = [null, null, null];
    if (this.#options.restoreBest) this.#best = new BestWeights(findVariables(module).all);
  }

  onLoadCheckpoint(trainer: TrainerView, _module: Module, { extra, callbacks }: Checkpoint): void {
    if (this.#best === null) return;
    const saved = Object.hasOwn(extra, this.stateKey) ? extra[this.stateKey] : null;
    if (saved === null) {
      if (hasNotChecked(callbacks[this.stateKey])) return;
      trainer.display.warn(
        "The checkpoint holds no best weights for `restoreBest`: only the checks from here on count for it.",
      );
      return;
    }
    this.#savedBest = this.#best.requireFitting(saved);
  }

  onFitStart(): void {
    if (this.#savedBest !== null) this.#best?.load(this.#savedBest);
    this.#savedBest = null;
  }

  onTrainStart(trainer: TrainerView): void {
    const { checkOnTrainEpochEnd } = this.#options;
    warnIfNeverValidated(trainer, "EarlyStopping", { checkOnTrainEpochEnd });
  }

  onTrainEnd({ globalStep, display }: TrainerView): void {
    const taken = this.#best?.taken ?? null;
    if (taken === null || taken.step === globalStep) return;
    this.#best?.restore();
    this.#restoredEpoch = taken.epoch;
    const { monitor } = this.#options;
    display.info(
      `Restored the weights of epoch ${taken.epoch}, counted from 0: \`${monitor}\` was ${taken.score}.`,
    );
  }

  teardown(): void {
    this.#best?.dispose();
    this.#best = null;
  }

  /** Saves the best weights; the weights of the checkpoint are always those of the last step, from which training goes on. */
  async onSaveCheckpoint(
    _trainer: TrainerView,
    _module: Module,
    { extra, variables }: Checkpoint,
  ): Promise<void> {
    if (this.#best === null) return;
    const state = await this.#best.state();
    if (state !== null) extra[this.stateKey] = state;
    for (const [index, last] of (await this.#best.last()).entries()) variables[index]?.value.values.set(last);
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
    const { currentEpoch: epoch, globalStep: step } = trainer;
    this.#best?.offer(this.#options.mode, { score: value, epoch, step });
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
    return `\`${monitor}\` has not improved in ${counted(waitCount + 1, "check")}; its best was ${String(bestScore)}.`;
  }
}

/** Whether a state was saved before the first check, so that there are no best weights yet. */
function hasNotChecked(state: unknown): boolean {
  return isObject(state) && Reflect.get(state, "bestScore") === null && Reflect.get(state, "waitCount") === 0;
}
