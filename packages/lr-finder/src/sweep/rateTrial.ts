import type { Optimizer, Trial } from "@fulmine/core";
import { meanOf } from "../rules/meanOf.js";

/** The parts of a trial: held-out losses are looked at after each, and the training losses of the last are its score. */
const PARTS = 3;

/** What training at one constant rate measured, from the very state and batches that all trials of a search share. */
export interface RateTrial {
  /** The rate. */
  readonly lr: number;
  /** The loss of each step; ends early where the trial was given up. The last may be NaN or infinite. */
  readonly loss: readonly number[];
  /**
   * What the trial is judged by, lower being better: the mean loss of its last third, or, with `val`, the lowest of the
   * held-out losses after each third. Infinite where it was given up.
   */
  readonly score: number;
}

/** What a trial needs to know. */
export interface RateTrialOptions {
  readonly lr: number;
  /** The steps of a whole trial, at least 3. */
  readonly length: number;
  /** Whether held-out losses are the score. */
  readonly heldOut: boolean;
  /** Whether the trial is to be given up, asked after each step with the losses so far. */
  readonly isHopeless: (losses: readonly number[]) => boolean;
}

/** Trains at one rate in a branch of a trial, which is as it was afterwards. */
export function runRateTrial(
  trial: Trial,
  optimizerOf: (trial: Trial) => Optimizer,
  { lr, length, heldOut, isHopeless }: RateTrialOptions,
): Promise<RateTrial> {
  const ends = Array.from({ length: PARTS }, (_, part) => Math.floor((length * (part + 1)) / PARTS));
  return trial.branch(async (branch) => {
    optimizerOf(branch).lr = lr;
    const loss: number[] = [];
    let lowest = Infinity;
    while (loss.length < length) {
      const value = await branch.step();
      loss.push(value);
      if (!Number.isFinite(value) || isHopeless(loss)) return { lr, loss, score: Infinity };
      if (!heldOut || !ends.includes(loss.length)) continue;
      const scored = await branch.validate();
      if (scored < lowest) lowest = scored;
    }
    return { lr, loss, score: heldOut ? lowest : meanOf(loss.slice(ends.at(-2))) };
  });
}
