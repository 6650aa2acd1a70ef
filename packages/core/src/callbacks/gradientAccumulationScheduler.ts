import type { Callback } from "../module/callback.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Module } from "../module/module.js";
import { readOptions } from "../options/checkOptions.js";
import { countsByEpoch } from "../options/validators.js";
import type { TrainerView } from "../module/trainerView.js";

/** The options of {@link GradientAccumulationScheduler}. */
export interface GradientAccumulationSchedulerOptions {
  /** Number of batches per optimizer step, by first epoch, e.g. `{ 0: 8, 4: 1 }`; 1 before the first entry. */
  readonly scheduling: Readonly<Record<number, number>>;
}

/**
 * Changes by epoch how many batches' gradients are averaged in one optimizer step. An object as the Trainer's
 * `accumulateGradBatches` does the same; the two can't be combined.
 *
 * @throws FulmineError `INVALID_OPTION`; when a fit begins also `INVALID_OPTION` together with
 * `accumulateGradBatches` or another GradientAccumulationScheduler, and `INVALID_MODULE` with manual optimization.
 * @example
 * ```ts
 * new GradientAccumulationScheduler({ scheduling: { 0: 8, 4: 1 } });
 * ```
 */
export class GradientAccumulationScheduler implements Callback {
  readonly #scheduling: GradientAccumulationSchedulerOptions["scheduling"];
  readonly #entries: readonly (readonly [epoch: number, batches: number])[];

  constructor(given: GradientAccumulationSchedulerOptions) {
    const { scheduling } = readOptions(
      "GradientAccumulationScheduler",
      given,
      {},
      { scheduling: countsByEpoch },
    );
    this.#scheduling = scheduling;
    this.#entries = Object.entries(scheduling)
      .map(([epoch, batches]) => [Number(epoch), batches] as const)
      .sort(([a], [b]) => b - a);
  }

  onFitStart({ options, callbacks }: TrainerView, module: Module): void {
    const { accumulateGradBatches: flag = 1 } = options;
    const others = callbacks.filter(
      (other) => other instanceof GradientAccumulationScheduler && other !== this,
    );
    // The callback that was made for the option has the option's own object.
    if ((flag !== 1 && flag !== this.#scheduling) || others.length > 0) {
      throw new FulmineError("INVALID_OPTION", "The number of batches per optimizer step is set twice.", {
        received: flag,
        todo: "Leave out `accumulateGradBatches`, or all but one GradientAccumulationScheduler.",
      });
    }
    if (module.automaticOptimization) return;
    throw new FulmineError(
      "INVALID_MODULE",
      "A module with manual optimization accumulates its gradients itself.",
      {
        todo: "Leave out GradientAccumulationScheduler, or set `automaticOptimization` to true.",
      },
    );
  }

  onTrainEpochStart(trainer: TrainerView): void {
    const entry = this.#entries.find(([epoch]) => epoch <= trainer.currentEpoch);
    trainer.accumulateGradBatches = entry?.[1] ?? 1;
  }
}
