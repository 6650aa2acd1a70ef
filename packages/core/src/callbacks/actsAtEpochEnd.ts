import type { Trainer } from "../trainer.js";

/**
 * Whether what watches metrics acts at the end of a training epoch, when all metrics are there, and not of a validation:
 * as told, else where each epoch ends with one validation or has none.
 */
export function actsAtEpochEnd(trainer: Trainer, told: boolean | undefined): boolean {
  const { valCheckInterval, checkValEveryNEpoch = 1 } = trainer.options;
  return told ?? (!trainer.hasValidation || (valCheckInterval === undefined && checkValEveryNEpoch === 1));
}
