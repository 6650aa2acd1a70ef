import { matMul, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { checkOptions } from "../options/checkOptions.js";
import { integerFrom, oneOf, optional, type Validators } from "../options/validators.js";
import type { Measure } from "./accumulation.js";
import { oneHotRows } from "./classCounts.js";
import { weighted, weightsFor } from "./exampleWeights.js";
import { areBinary, columnsOf, labelRequirements, labelsOf, type LabelOptions } from "./labels.js";
import { StreamingMetric } from "./streamingMetric.js";
import { requireInRange } from "./targets.js";

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions extends LabelOptions {
  /** Number of classes, an integer of at least 2; 2 for binary predictions. */
  readonly numClasses: number;
  /**
   * Divides the counts: `"true"` by the number of examples of the actual class, `"pred"` by that of the predicted class, `"all"`
   * by that of all examples. A class without examples then has zeros. @defaultValue counts
   */
  readonly normalize?: "true" | "pred" | "all";
}

/** A row for each actual class, with a number for each predicted class. */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * Confusion matrix: `matrix[actual][predicted]` is the number of examples of one class that were predicted as another, or with
 * weights the sum of their weights.
 *
 * Predictions and targets have the shapes that `accuracy` takes. A matrix is no number, so it can't be logged: compute it
 * in a hook, or after the fit.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const metric = confusionMatrix({ numClasses: 10 });
 * metric.update(model.predict(xs), ys);
 * console.table(await metric.compute());
 * ```
 */
export function confusionMatrix(
  options: ConfusionMatrixOptions,
): StreamingMetric<ConfusionMatrix, ConfusionMatrix> {
  checkOptions(options, requirements, "confusionMatrix");
  const { numClasses, normalize } = options;
  const rowOf = (make: (column: number) => number): number[] =>
    Array.from({ length: numClasses }, (_, column) => make(column));
  return new StreamingMetric<ConfusionMatrix, ConfusionMatrix>({
    empty: Array.from({ length: numClasses }, () => rowOf(() => 0)),
    takesWeights: true,
    measure: (predictions, targets, given) => {
      requireClasses(predictions, options);
      const { predicted, actual, classes, range } = labelsOf(predictions, targets, options);
      const weights = weightsFor(given, predictions, predicted.size);
      const isPredicted = weighted(oneHotRows(predicted, classes), weights);
      return [matMul(oneHotRows(actual, classes), isPredicted, true), range];
    },
    add: (sums, counts: Measure = [], range: Measure = []) => {
      requireInRange(range);
      return sums.map((row, actual) => row.map((sum, at) => sum + (counts[actual * numClasses + at] ?? NaN)));
    },
    result: (sums) => {
      if (normalize === undefined) return sums.map((row) => [...row]);
      const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
      const perColumn = rowOf((column) => total(sums.map((row) => row[column] ?? 0)));
      const all = total(perColumn);
      return sums.map((row) =>
        row.map((sum, column) => {
          const share = normalize === "all" ? all : normalize === "pred" ? perColumn[column] : total(row);
          return share === 0 ? 0 : sum / (share ?? NaN);
        }),
      );
    },
  });
}

const requirements: Validators = {
  ...labelRequirements,
  numClasses: /* @__PURE__ */ integerFrom(2),
  normalize: /* @__PURE__ */ optional(oneOf("true", "pred", "all")),
};

function requireClasses(predictions: Tensor, options: ConfusionMatrixOptions): void {
  const { numClasses } = options;
  const isBinary = areBinary(predictions, options);
  if (numClasses === (isBinary ? 2 : columnsOf(predictions))) return;
  throw new FulmineError(
    "INVALID_DATA",
    isBinary
      ? "Binary predictions have 2 classes, so `numClasses` of `confusionMatrix` must be 2."
      : `The predictions must have one column for each of the ${numClasses} classes of \`confusionMatrix\`.`,
    { received: isBinary ? numClasses : predictions.shape },
  );
}
