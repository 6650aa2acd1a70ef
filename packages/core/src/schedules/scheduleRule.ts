/** What a schedule's next rate is computed from. */
export interface ScheduleInput {
  /** The rate that is in force now. */
  readonly lr: number;
  /** The rate that the optimizer was made with. */
  readonly base: number;
  /** How many times the schedule has moved on, this time included: 1 at its first move. */
  readonly step: number;
}

/**
 * A learning-rate schedule as mathematics: a pure function from the present rate to the next.
 *
 * The recursion is PyTorch's, so that equal settings give equal float64 rates.
 */
export interface ScheduleRule {
  /** The schedule's name, for messages and checkpoints. */
  readonly name: string;
  /** The rate before the first move; left out, the optimizer's own. */
  first?(base: number): number;
  /** The rate after a move. */
  next(input: ScheduleInput): number;
}
