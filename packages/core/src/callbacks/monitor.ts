import type { TrainerView } from "../module/trainerView.js";
import { FulmineError } from "../errors/fulmineError.js";
import { text, type Validator } from "../options/validators.js";

/**
 * Whether what watches metrics acts at the end of a training epoch, when all metrics are there, and not of a validation:
 * as told, else where each epoch ends with one validation or has none.
 */
export function actsAtEpochEnd(trainer: TrainerView, told: boolean | undefined): boolean {
  const { valCheckInterval, checkValEveryNEpoch = 1 } = trainer.options;
  return told ?? (!trainer.hasValidation || (valCheckInterval === undefined && checkValEveryNEpoch === 1));
}

/**
 * Warns before the first step when a callback acts after validations, and the fit has none.
 *
 * @param told - The callback's option for it, by its name.
 */
export function warnIfNeverValidated(
  trainer: TrainerView,
  callback: string,
  told: Readonly<Record<string, boolean | undefined>>,
): void {
  const { fastDevRun = false, checkValEveryNEpoch = 1 } = trainer.options;
  const isValidated = trainer.hasValidation && checkValEveryNEpoch <= trainer.maxEpochs;
  const [[option, value]] = Object.entries(told) as [[string, boolean | undefined]];
  if (fastDevRun !== false || isValidated || actsAtEpochEnd(trainer, value)) return;
  const why = trainer.hasValidation
    ? `\`checkValEveryNEpoch\` is ${checkValEveryNEpoch}`
    : "it has no `val` data";
  trainer.display.warn(
    `\`${callback}\` acts after validations, and this fit makes none: ${why}. Set \`${option}: true\` to let it act after ` +
      "each training epoch.",
  );
}

/** What the name of a watched metric must be. */
export const monitorName: Validator = text('the name of a logged metric, e.g. "val_loss"');

/** The error that nobody has logged a watched metric. */
export function missingMetric(callback: string, monitor: string, trainer: TrainerView): FulmineError {
  const names = Object.keys(trainer.callbackMetrics);
  return new FulmineError(
    "INVALID_OPTION",
    `\`${callback}\` watches \`${monitor}\`, which nobody has logged.`,
    {
      received: monitor,
      todo:
        names.length === 0
          ? `Log it in a step: this.log(${JSON.stringify(monitor)}, value).`
          : `Log it, or watch one of those that are logged: ${names.join(", ")}.`,
    },
  );
}

/** Whether a metric is to fall or to rise. */
export type MonitorMode = "min" | "max";

/** Whether one value of a metric is better than another; NaN is better than none, and none is better than NaN. */
export function isBetter(mode: MonitorMode, value: number, than: number): boolean {
  return mode === "min" ? value < than : value > than;
}
