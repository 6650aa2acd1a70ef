import type { Optimizer, Trial } from "@fulmine/core";
import { meanOf } from "../rules/meanOf.js";

/** What training at one constant rate measured, from the very state and batches that all trials of a search share. */
export interface RateTrial {
  /** The rate. */
  readonly lr: number;
  /** The loss of each step; ends early where the trial was given up. The last may be NaN or infinite. */
  readonly loss: readonly number[];
  /**
   * What the trial is judged by, lower being better: the mean loss of its second half, or, with `val`, the lower of the
   * held-out losses at its middle and its end. Infinite where it was given up, NaN where the search ran out of steps.
   */
  readonly score: number;
}

/** What a trial needs to know. */
export interface RateTrialOptions {
  readonly lr: number;
  /** The steps of a whole trial, at least 2. */
  readonly length: number;
  /** The steps that are left to the search. */
  readonly left: number;
  /** Whether held-out losses are the score. */
  readonly heldOut: boolean;
  /** Whether the trial is to be given up, asked after each step with the losses so far. */
  readonly isHopeless: (losses: readonly number[]) => boolean;
}

/** Trains at one rate in a branch of a trial, which is as it was afterwards. */
export function runRateTrial(
  trial: Trial,
  optimizerOf: (trial: Trial) => Optimizer,
  { lr, length, left, heldOut, isHopeless }: RateTrialOptions,
): Promise<RateTrial> {
  const middle = Math.floor(length / 2);
  return trial.branch(async (branch) => {
    optimizerOf(branch).lr = lr;
    const loss: number[] = [];
    let lowest = Infinity;
    while (loss.length < length) {
      if (loss.length === left) return { lr, loss, score: NaN };
      const value = await branch.step();
      loss.push(value);
      if (!Number.isFinite(value) || isHopeless(loss)) return { lr, loss, score: Infinity };
      if (!heldOut || (loss.length !== middle && loss.length !== length)) continue;
      const scored = await branch.validate();
      if (scored < lowest) lowest = scored;
    }
    return { lr, loss, score: heldOut ? lowest : meanOf(loss.slice(middle)) };
  });
}
