import { Trainer as CoreTrainer, type Platform } from "@fulmine/core";
import { withLrFinder, type WithLrFinder } from "@fulmine/lr-finder";
import { withAccelerator, type WithAccelerator } from "@fulmine/runtime";
import { platform } from "#platform";

class LocalTrainer extends CoreTrainer {
  protected override readonly platform: Platform = platform;
}

/**
 * The core's Trainer with everything that Fulmine brings: it picks its backend, finds its learning rate, shows live
 * progress and stops gracefully at Ctrl-C.
 *
 * @example
 * ```ts
 * const trainer = new Trainer({ maxEpochs: 20, autoLrFind: true });
 * await trainer.fit(model, { train, val });
 * ```
 */
export const Trainer: WithLrFinder<WithAccelerator<typeof LocalTrainer>> = withLrFinder(
  withAccelerator(LocalTrainer),
);
export type Trainer = InstanceType<typeof Trainer>;
