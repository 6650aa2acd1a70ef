import type { Callback } from "../module/callback.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Module } from "../module/module.js";
import { readOptions } from "../options/checkOptions.js";
import { countsByEpoch } from "../options/validators.js";
import type { TrainerView } from "../module/trainerView.js";

/** The settings of {@link GradientAccumulationScheduler}. */
export interface GradientAccumulationSchedulerOptions {
  /** The number of batches by the epoch from which it holds, e.g. `{ 0: 8, 4: 1 }`; 1 before the first. */
  readonly scheduling: Readonly<Record<number, number>>;
}

/**
 * Changes how many batches' gradients are averaged in one optimizer step, by epoch; `accumulateGradBatches` given as an
 * object is the same, and can't be given besides.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`, also at the start of a fit beside `accumulateGradBatches` or another of its
 * kind; at the start of a fit `INVALID_MODULE` when the module uses manual optimization.
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
    // The callback that the flag stands for has the flag's own value.
    if ((flag !== 1 && flag !== this.#scheduling) || others.length > 0) {
      throw new FulmineError("INVALID_OPTION", "How many batches make a step is told twice.", {
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
