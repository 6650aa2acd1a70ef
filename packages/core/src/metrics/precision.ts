import { classCountRule, type AverageOptions, type ClassCounts } from "./classCounts.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * The share of what was predicted as a class that is of it; 0 for a class that was never predicted.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function precision(options: AverageOptions = {}): StreamingMetric<ClassCounts> {
  return new StreamingMetric(
    classCountRule("precision", options, ({ hits, predicted }) => (predicted === 0 ? 0 : hits / predicted)),
  );
}
