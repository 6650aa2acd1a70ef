import { classCountRule, type AverageOptions, type ClassCounts } from "./classCounts.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * The harmonic mean of precision and recall; 0 where both are.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const metric = f1({ average: "macro" });
 * ```
 */
export function f1(options: AverageOptions = {}): StreamingMetric<ClassCounts> {
  return new StreamingMetric(
    classCountRule("f1", options, ({ hits, predicted, actual }) => {
      const both = predicted + actual;
      return both === 0 ? 0 : (2 * hits) / both;
    }),
  );
}
