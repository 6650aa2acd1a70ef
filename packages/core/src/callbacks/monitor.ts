import { FulmineError } from "../errors/fulmineError.js";
import type { TrainerView } from "../module/trainerView.js";
import { text, type Validator } from "../options/validators.js";

/** Whether a monitored metric should decrease or increase. */
export type MonitorMode = "min" | "max";

/** Whether one value of a metric is better than another; comparisons with NaN are always false. */
export function isBetter(mode: MonitorMode, value: number, than: number): boolean {
  return mode === "min" ? value < than : value > than;
}

/** The name of a monitored metric. */
export const monitorName: Validator = text('the name of a logged metric, e.g. "val_loss"');

/** The error for a monitored metric that has not been logged. */
export function missingMetric(callback: string, monitor: string, trainer: TrainerView): FulmineError {
  const names = Object.keys(trainer.callbackMetrics);
  return new FulmineError(
    "INVALID_OPTION",
    `\`${callback}\` monitors \`${monitor}\`, which has not been logged.`,
    {
      received: monitor,
      todo:
        names.length === 0
          ? `Log it in a step: this.log(${JSON.stringify(monitor)}, value).`
          : `Log it, or monitor one of the logged metrics: ${names.join(", ")}.`,
    },
  );
}

/**
 * Whether a callback that monitors a metric acts at the end of training epochs rather than after validations.
 *
 * @param choice - The callback's option. Without it, the callback acts at the end of epochs if each epoch ends with one
 * validation or has none.
 */
export function actsAtEpochEnd(trainer: TrainerView, choice: boolean | undefined): boolean {
  const { valCheckInterval, checkValEveryNEpoch = 1 } = trainer.options;
  return choice ?? (!trainer.hasValidation || (valCheckInterval === undefined && checkValEveryNEpoch === 1));
}

/** Whether such a callback acts after the validation that has just ended; never after one before or outside training. */
export function actsAfterValidation(trainer: TrainerView, choice: boolean | undefined): boolean {
  return trainer.hasValidation && !trainer.isSanityChecking && !actsAtEpochEnd(trainer, choice);
}

/**
 * Warns before the first step if a callback acts after validations, but the fit has none.
 *
 * @param choice - The callback's option and its name, e.g. `{ checkOnTrainEpochEnd: undefined }`.
 */
export function warnIfNeverValidated(
  trainer: TrainerView,
  callback: string,
  choice: Readonly<Record<string, boolean | undefined>>,
): void {
  const { checkValEveryNEpoch = 1 } = trainer.options;
  const isValidated = trainer.hasValidation && checkValEveryNEpoch <= trainer.maxEpochs;
  const [[option, value]] = Object.entries(choice) as [[string, boolean | undefined]];
  if (trainer.isDevRun || isValidated || actsAtEpochEnd(trainer, value)) return;
  const why = trainer.hasValidation
    ? `\`checkValEveryNEpoch\` is ${checkValEveryNEpoch}`
    : "it has no `val` data";
  trainer.display.warn(
    `\`${callback}\` acts after validations, and this fit makes none: ${why}. Set \`${option}: true\` to let it act after ` +
      "each training epoch.",
  );
}
