import type { Optimizer, Trial } from "@fulmine/core";

/** What training at one constant rate measured, from the very state and batches that all trials of a search share. */
export interface RateTrial {
  /** The rate. */
  readonly lr: number;
  /** The loss of each step; ends early where the trial was given up. The last may be NaN or infinite. */
  readonly loss: readonly number[];
}

/** What a trial needs to know. */
export interface RateTrialOptions {
  readonly lr: number;
  readonly steps: number;
  /** Whether the trial is to be given up, asked after each step with the losses so far. */
  readonly isHopeless: (losses: readonly number[]) => boolean;
}

/** Trains at one rate in a branch of a trial, which is as it was afterwards. */
export function runRateTrial(
  trial: Trial,
  optimizerOf: (trial: Trial) => Optimizer,
  { lr, steps, isHopeless }: RateTrialOptions,
): Promise<RateTrial> {
  return trial.branch(async (branch) => {
    optimizerOf(branch).lr = lr;
    const loss: number[] = [];
    while (loss.length < steps) {
      const value = await branch.step();
      loss.push(value);
      if (!Number.isFinite(value) || isHopeless(loss)) break;
    }
    return { lr, loss };
  });
}
