import type { Callback } from "../module/callback.js";
import { FulmineError } from "../errors/fulmineError.js";
import { notifyLoggers } from "../loggers/logger.js";
import { learningRates } from "../optim/learningRates.js";
import { readOptions } from "../options/checkOptions.js";
import { flag, oneOf, optional } from "../options/validators.js";
import type { TrainerView } from "../module/trainerView.js";
import { passesMultiple } from "../run/trainerState.js";

/** The options of {@link LearningRateMonitor}. */
export interface LearningRateMonitorOptions {
  /** Whether rates are logged after every `logEveryNSteps` optimizer steps or at the start of epochs. @defaultValue both */
  readonly loggingInterval?: "step" | "epoch";
  /** Whether the optimizers' momenta are logged too. @defaultValue false */
  readonly logMomentum?: boolean;
}

/**
 * Logs learning rates as `lr-adam`; with several parameter groups as `lr-adam/pg1`, `lr-adam/pg2`; and as `lr-adam-1` for a
 * second optimizer of the same name. Momenta are logged as `lr-adam-momentum`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; when a fit begins `INVALID_OPTION` without a logger.
 * @example
 * ```ts
 * new Trainer({ logger: new HistoryLogger(), callbacks: [new LearningRateMonitor({ loggingInterval: "step" })] });
 * ```
 */
export class LearningRateMonitor implements Callback {
  readonly #options: LearningRateMonitorOptions & { readonly logMomentum: boolean };
  #rates: Readonly<Record<string, number>> = {};
  #lastStepSeen = 0;

  constructor(given: LearningRateMonitorOptions = {}) {
    this.#options = readOptions(
      "LearningRateMonitor",
      given,
      { logMomentum: false },
      {
        loggingInterval: optional(oneOf("step", "epoch")),
        logMomentum: flag,
      },
    );
  }

  onFitStart({ loggers, isDevRun, globalStep }: TrainerView): void {
    this.#lastStepSeen = globalStep;
    if (loggers.length > 0 || isDevRun) return;
    throw new FulmineError("INVALID_OPTION", "`LearningRateMonitor` has no logger to log to.", {
      todo: "Pass one to the Trainer, e.g. { logger: new HistoryLogger() }, or leave the callback out.",
    });
  }

  async onTrainEpochStart(trainer: TrainerView): Promise<void> {
    if (this.#options.loggingInterval !== "step") await log(trainer, this.#read(trainer));
  }

  onTrainBatchStart(trainer: TrainerView): void {
    // After the step, a schedule may already have changed the rate.
    if (this.#options.loggingInterval !== "epoch") this.#rates = this.#read(trainer);
  }

  async onTrainBatchEnd(trainer: TrainerView): Promise<void> {
    await this.#logAfterStep(trainer);
  }

  async onTrainEpochEnd(trainer: TrainerView): Promise<void> {
    // The step with the last accumulated gradients may come after the last batch.
    await this.#logAfterStep(trainer);
  }

  async #logAfterStep(trainer: TrainerView): Promise<void> {
    const { globalStep, options } = trainer;
    const isDue = passesMultiple(this.#lastStepSeen, globalStep, options.logEveryNSteps ?? 50);
    this.#lastStepSeen = globalStep;
    if (isDue && this.#options.loggingInterval !== "epoch") await log(trainer, this.#rates);
  }

  #read({ optimizers }: TrainerView): Readonly<Record<string, number>> {
    return learningRates(optimizers, this.#options);
  }
}

function log({ loggers, globalStep }: TrainerView, rates: Readonly<Record<string, number>>): Promise<void> {
  return notifyLoggers(loggers, (logger) => logger.logMetrics(rates, globalStep));
}
