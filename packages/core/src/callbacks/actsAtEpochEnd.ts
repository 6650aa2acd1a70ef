import type { TrainerView } from "../module/trainerView.js";

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
