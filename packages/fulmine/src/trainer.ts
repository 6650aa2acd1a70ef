import { withBatchSizeFinder, type WithBatchSizeFinder } from "@fulmine/batch-size-finder";
import { Trainer as CoreTrainer } from "@fulmine/core";
import type { Platform } from "@fulmine/core/plugin";
import { withLrFinder, type WithLrFinder } from "@fulmine/lr-finder";
import {
  withAccelerator,
  withCompiledSteps,
  type WithAccelerator,
  type WithCompiledSteps,
} from "@fulmine/runtime";
import { platform } from "#platform";

class LocalTrainer extends CoreTrainer {
  protected override readonly platform: Platform = platform;
}

/**
 * The core's Trainer with all of Fulmine's plug-ins: it selects a backend, compiles training steps, finds the batch size
 * and the learning rate, shows live progress and stops gracefully at Ctrl-C.
 *
 * @example
 * ```ts
 * const trainer = new Trainer({ maxEpochs: 20, autoLrFind: true });
 * await trainer.fit(model, { train, val });
 * ```
 */
export const Trainer: WithLrFinder<
  WithBatchSizeFinder<WithCompiledSteps<WithAccelerator<typeof LocalTrainer>>>
> = withLrFinder(withBatchSizeFinder(withCompiledSteps(withAccelerator(LocalTrainer))));
export type Trainer = InstanceType<typeof Trainer>;
