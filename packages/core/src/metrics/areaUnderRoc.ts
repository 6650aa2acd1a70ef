/**
 * The exact area under the ROC curve: the chance that a positive example is scored above a negative one, with ties for
 * half (Mann and Whitney 1947; Hanley and McNeil 1982).
 *
 * @param scores - A number per example.
 * @param isPositive - Whether each example is positive.
 * @returns NaN when one of the two kinds is missing or a score is not a number.
 */
export function areaUnderRoc(scores: readonly number[], isPositive: readonly boolean[]): number {
  if (scores.some((score) => Number.isNaN(score))) return NaN;
  const order = scores.map((_, index) => index).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let tied = 0;
    for (; end < order.length && scores[order[end] ?? 0] === score; end++)
      if (isPositive[order[end] ?? 0] === true) tied += 1;
    // Examples of equal score share the mean of their ranks, which are counted from 1.
    rankSum += (tied * (start + 1 + end)) / 2;
    positives += tied;
    start = end;
  }
  const negatives = scores.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
