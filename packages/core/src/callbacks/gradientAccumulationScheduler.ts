import type { Callback } from "../callback.js";

/**
 * Changes how many batches' gradients are averaged in one optimizer step, by epoch.
 *
 * @param scheduling - The number of batches by the epoch from which it holds, e.g. `{ 0: 8, 4: 1 }`; 1 before the first.
 */
export function gradientAccumulationScheduler(scheduling: Readonly<Record<number, number>>): Callback {
  const entries = Object.entries(scheduling)
    .map(([epoch, batches]) => [Number(epoch), batches] as const)
    .sort(([a], [b]) => b - a);
  return {
    onTrainEpochStart(trainer) {
      const entry = entries.find(([epoch]) => epoch <= trainer.currentEpoch);
      trainer.accumulateGradBatches = entry?.[1] ?? 1;
    },
  };
}
