/**
 * A running mean that looks back and ahead alike, with weights that fall off exponentially on both sides, so
 * that unlike the mean of a sweep it does not lag.
 *
 * @param beta - how far it looks, from 0 (not at all) to just under 1.
 */
export function twoSidedMean(values: readonly number[], beta: number): number[] {
  const back = weightedSums(values, beta);
  const ahead = weightedSums(values.toReversed(), beta).toReversed();
  return values.map((value, i) => {
    const [backSum, backWeight] = back[i] ?? [0, 0];
    const [aheadSum, aheadWeight] = ahead[i] ?? [0, 0];
    // Both sides hold the value itself.
    return (backSum + aheadSum - value) / (backWeight + aheadWeight - 1);
  });
}

function weightedSums(values: readonly number[], beta: number): [sum: number, weight: number][] {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    sum = beta * sum + value;
    weight = beta * weight + 1;
    return [sum, weight];
  });
}
