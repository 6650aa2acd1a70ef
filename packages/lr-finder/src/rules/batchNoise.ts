/**
 * The highest of the losses at rates too low to train, where these differ by more than a factor; else `-Infinity`.
 *
 * On an untrained model they differ by little. On one whose loss is next to nothing already, a single example makes a
 * batch's loss many times that of the next, so that a multiple of the lowest says nothing.
 *
 * @param factor - More than 1. Losses below zero have no multiples and are taken for calm.
 */
export function batchNoise(losses: readonly number[], factor: number): number {
  const lowest = losses.reduce((one, other) => Math.min(one, other), Infinity);
  const highest = losses.reduce((one, other) => Math.max(one, other), -Infinity);
  return lowest >= 0 && highest > factor * lowest ? highest : -Infinity;
}
