import type { RateTrial } from "../sweep/rateTrial.js";

/** Whether a trial did better than another; of two that were given up, the one at the lower rate. */
export function isBetter(trial: RateTrial, other: RateTrial): boolean {
  const areGivenUp = trial.score === Infinity && other.score === Infinity;
  return areGivenUp ? trial.lr < other.lr : trial.score < other.score;
}

/** The best of trials; undefined when none was judged. */
export function bestTrial(trials: readonly RateTrial[]): RateTrial | undefined {
  const judged = trials.filter(({ score }) => !Number.isNaN(score)).toSorted((a, b) => a.lr - b.lr);
  return judged.reduce<RateTrial | undefined>(
    (best, trial) => (best === undefined || isBetter(trial, best) ? trial : best),
    undefined,
  );
}
