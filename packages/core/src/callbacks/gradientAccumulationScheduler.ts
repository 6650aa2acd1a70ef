import type { Callback } from "../callback.js";
import { FulmineError } from "../fulmineError.js";
import type { Module } from "../module.js";
import { readOptions } from "../options/readOptions.js";
import { countsByEpoch } from "../options/requirements.js";
import type { Trainer } from "../trainer.js";

/** The settings of {@link GradientAccumulationScheduler}. */
export interface GradientAccumulationSchedulerOptions {
  /** The number of batches by the epoch from which it holds, e.g. `{ 0: 8, 4: 1 }`; 1 before the first. */
  readonly scheduling: Readonly<Record<number, number>>;
}

/**
 * Changes how many batches' gradients are averaged in one optimizer step, by epoch; `accumulateGradBatches` given as an
 * object is the same.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`; at the start of a fit `INVALID_MODULE` when the module optimizes by hand.
 * @example
 * ```ts
 * new GradientAccumulationScheduler({ scheduling: { 0: 8, 4: 1 } });
 * ```
 */
export class GradientAccumulationScheduler implements Callback {
  readonly #entries: readonly (readonly [epoch: number, batches: number])[];

  constructor(given: GradientAccumulationSchedulerOptions) {
    const { scheduling } = readOptions(
      "GradientAccumulationScheduler",
      given,
      {},
      { scheduling: countsByEpoch },
    );
    this.#entries = Object.entries(scheduling)
      .map(([epoch, batches]) => [Number(epoch), batches] as const)
      .sort(([a], [b]) => b - a);
  }

  onFitStart(_trainer: Trainer, module: Module): void {
    if (module.automaticOptimization) return;
    throw new FulmineError("INVALID_MODULE", "A module that optimizes by hand gathers gradients by itself.", {
      todo: "Leave out GradientAccumulationScheduler, or set `automaticOptimization` to true.",
    });
  }

  onTrainEpochStart(trainer: Trainer): void {
    const entry = this.#entries.find(([epoch]) => epoch <= trainer.currentEpoch);
    trainer.accumulateGradBatches = entry?.[1] ?? 1;
  }
}
