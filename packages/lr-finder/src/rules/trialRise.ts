/** The number of steps of a short trial; its second half is what counts. */
export const TRIAL_STEPS = 16;

/** A step's rise counts no more than this many times the untrained loss, so that one spike does not decide. */
const MOST_RISE = 4;
/** A rise of this many times the untrained loss is not recovered from within a trial... */
const HOPELESS_RISE = 10;
/** ...unless it is that of the first steps, in which optimizers whose memory is still empty overshoot. */
const FIRST_STEPS = 3;

/**
 * How much worse than not training a trial was in its second half: the mean rise of its losses above the losses of
 * untrained weights on the same batches, as a part of these.
 *
 * On the same batches what differs is the rate alone, so that differences far below the noise of a batch can be read. The
 * first half does not count: momentum is still building up there, and RMSprop and Adam take their largest steps.
 *
 * @param losses - Of the trial; one that was given up counts as the most there can be.
 * @param untrained - The losses of a trial at a rate too low to train.
 */
export function trialRise(losses: readonly number[], untrained: readonly number[]): number {
  if (losses.length < TRIAL_STEPS || !losses.every(Number.isFinite)) return MOST_RISE;
  const scale = meanSize(untrained);
  const half = TRIAL_STEPS / 2;
  const rises = losses
    .slice(half, TRIAL_STEPS)
    .map((loss, i) => Math.min(MOST_RISE, (loss - (untrained[half + i] ?? NaN)) / scale));
  return rises.reduce((sum, rise) => sum + rise, 0) / half;
}

/** Whether the last of a trial's losses is so high that the rest of the trial would tell nothing new. */
export function isHopeless(losses: readonly number[], untrained: readonly number[]): boolean {
  const last = losses.length - 1;
  const rise = (losses[last] ?? NaN) - (untrained[last] ?? NaN);
  return last >= FIRST_STEPS && rise > HOPELESS_RISE * meanSize(untrained);
}

function meanSize(losses: readonly number[]): number {
  return losses.reduce((sum, loss) => sum + Math.abs(loss), 0) / losses.length;
}
