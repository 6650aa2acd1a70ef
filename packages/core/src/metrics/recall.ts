import { classCountRule, type AverageOptions, type ClassCounts } from "./classCounts.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * The share of a class's examples that were predicted as it; 0 for a class that has none.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function recall(options: AverageOptions = {}): StreamingMetric<ClassCounts> {
  return new StreamingMetric(
    classCountRule("recall", options, ({ hits, actual }) => (actual === 0 ? 0 : hits / actual)),
  );
}
