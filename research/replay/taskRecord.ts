import type { SweptOptimizer } from "@fulmine/lr-finder";

/** Numbers from JSON, which has no NaN and no infinity: those are null. */
export type Numbers = readonly (number | null)[];

/** What was recorded of a task from one seed, as `finder.py` sends it. */
export interface TaskRecord {
  readonly optimizer: SweptOptimizer;
  /** The training losses of a sweep from 1e-6 to 10, by its number of rungs. */
  readonly sweeps: Readonly<Record<string, Numbers>>;
  /** The constant rates of the recorded trainings, rising. */
  readonly rates: readonly number[];
  /** For each of these rates the training loss of each step. */
  readonly losses: readonly Numbers[];
  /** The training losses of each step at a rate too low to train. */
  readonly still: Numbers;
  /** For each of these rates the held-out loss after every `every` steps. */
  readonly heldOut: readonly Numbers[];
  readonly every: number;
}

/**
 * The recorded rate that answers for a rate that a search tries: the nearest one.
 *
 * @param begin - Moves all trials of a search by so many decades.
 * @returns Its index.
 */
export function nearestRate({ rates }: TaskRecord, lr: number, begin: number): number {
  const distances = rates.map((rate) => Math.abs(Math.log10(rate / lr) - begin));
  return distances.indexOf(Math.min(...distances));
}
