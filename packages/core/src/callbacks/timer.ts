import type { Callback } from "../module/callback.js";
import type { Stage } from "../data/dataloaders.js";
import type { Module } from "../module/module.js";
import { readOptions, requireState } from "../options/checkOptions.js";
import { notNegative, oneOf, optional, text } from "../options/validators.js";
import { millisecondsOf, timeLimit, type TimeLimit } from "../options/timeLimit.js";
import type { TrainerView } from "../module/trainerView.js";

/** The stages that a {@link Timer} measures; training includes its validations. */
export type TimedStage = "train" | "validate" | "test";

/** The options of {@link Timer}. */
export interface TimerOptions {
  /** Longest training time: `"DD:HH:MM:SS"`, or an object with `days`, `hours`, `minutes` or `seconds`. @defaultValue no limit */
  readonly duration?: TimeLimit;
  /** Whether the limit is checked after each batch or after each epoch. @defaultValue "step" */
  readonly interval?: "step" | "epoch";
  /** Key of the timer's state in a checkpoint. @defaultValue "Timer" */
  readonly stateKey?: string;
}

/** The state of a timer in a checkpoint: milliseconds by stage. */
export type TimerState = Readonly<Record<TimedStage, number>>;

const start: TimerState = { train: 0, validate: 0, test: 0 };

const requirements = {
  duration: optional(timeLimit),
  interval: oneOf("step", "epoch"),
  stateKey: text(),
};

/**
 * Measures the time of each stage, and stops training after a time limit. A resumed run continues the measurement. The
 * Trainer's `maxTime` does the same.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const timer = new Timer({ duration: { hours: 8 } });
 * await new Trainer({ callbacks: [timer] }).fit(model, data);
 * timer.timeElapsed("validate"); // seconds
 * ```
 */
export class Timer implements Callback {
  readonly stateKey: string;
  readonly #interval: "step" | "epoch";
  readonly #duration: number;
  #elapsed: Record<TimedStage, number> = { ...start };
  readonly #begun = new Map<TimedStage, number>();

  constructor(given: TimerOptions = {}) {
    const options = readOptions(
      "Timer",
      given,
      { interval: "step", stateKey: "Timer" } as const,
      requirements,
    );
    this.#duration = options.duration === undefined ? Infinity : millisecondsOf(options.duration);
    this.#interval = options.interval;
    this.stateKey = options.stateKey;
  }

  /** Time spent in a stage so far, in seconds. */
  timeElapsed(stage: TimedStage = "train"): number {
    return this.#millisecondsOf(stage) / 1000;
  }

  /** Training time left, in seconds; `null` without a limit. */
  timeRemaining(): number | null {
    return this.#duration === Infinity ? null : this.#duration / 1000 - this.timeElapsed("train");
  }

  setup(_trainer: TrainerView, _module: Module, stage: Stage): void {
    this.#begun.clear();
    if (stage === "fit") this.#elapsed = { ...start };
  }

  onTrainStart(trainer: TrainerView): void {
    this.#begin("train");
    // A resumed run may already have used up its time.
    this.#check(trainer);
  }

  onTrainBatchEnd(trainer: TrainerView): void {
    if (this.#interval === "step") this.#check(trainer);
  }

  onTrainEpochEnd(trainer: TrainerView): void {
    this.#check(trainer);
  }

  onTrainEnd(): void {
    this.#end("train");
  }

  onValidationStart(): void {
    this.#begin("validate");
  }

  onValidationEnd(): void {
    this.#end("validate");
  }

  onTestStart(): void {
    this.#begin("test");
  }

  onTestEnd(): void {
    this.#end("test");
  }

  teardown(): void {
    for (const stage of this.#begun.keys()) this.#end(stage);
  }

  stateDict(): TimerState {
    return {
      train: this.#millisecondsOf("train"),
      validate: this.#millisecondsOf("validate"),
      test: this.#millisecondsOf("test"),
    };
  }

  loadStateDict(state: TimerState): void {
    requireState("Timer", state, { train: notNegative, validate: notNegative, test: notNegative });
    const { train, validate, test } = state;
    this.#elapsed = { train, validate, test };
  }

  #check(trainer: TrainerView): void {
    if (this.#millisecondsOf("train") >= this.#duration) trainer.stop();
  }

  #begin(stage: TimedStage): void {
    this.#begun.set(stage, performance.now());
  }

  #end(stage: TimedStage): void {
    this.#elapsed[stage] = this.#millisecondsOf(stage);
    this.#begun.delete(stage);
  }

  #millisecondsOf(stage: TimedStage): number {
    const begun = this.#begun.get(stage);
    return this.#elapsed[stage] + (begun === undefined ? 0 : performance.now() - begun);
  }
}
