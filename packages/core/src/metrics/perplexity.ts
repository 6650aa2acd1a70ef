import {
  cast,
  clipByValue,
  log,
  logSoftmax,
  mul,
  notEqual,
  oneHot,
  onesLike,
  reshape,
  sum,
} from "@tensorflow/tfjs-core";
import { classesOf, columnsOf } from "./labels.js";
import { share, shareRule, type Share } from "./shareRule.js";
import { StreamingMetric } from "./streamingMetric.js";
import { requireSettings } from "../options/requireSettings.js";

/** How predictions become perplexity. */
export interface PerplexityOptions {
  /** Whether predictions are logits rather than probabilities. @defaultValue true */
  readonly fromLogits?: boolean;
  /** The class number of targets that do not count, e.g. that of padding. @defaultValue none */
  readonly ignoreIndex?: number;
}

/** The smallest probability that counts, so that one certain mistake does not make the whole infinite. */
const LEAST = 1e-7;

/**
 * The exponential of the mean negative log-likelihood of the right classes, natural logarithm: as if the model chose among
 * that many equally likely ones each time.
 */
export function perplexity(options: PerplexityOptions = {}): StreamingMetric<Share> {
  requireSettings(options, "perplexity");
  const { fromLogits = true, ignoreIndex } = options;
  return new StreamingMetric(
    shareRule(
      (predictions, targets) => {
        const classes = columnsOf(predictions);
        const rows = reshape(cast(predictions, "float32"), [-1, classes]);
        const likelihoods = fromLogits ? logSoftmax(rows) : log(clipByValue(rows, LEAST, 1));
        const actual = cast(classesOf(predictions, targets), "int32");
        const right = sum(mul(likelihoods, cast(oneHot(actual, classes), "float32")), 1);
        const counts =
          ignoreIndex === undefined ? onesLike(right) : cast(notEqual(actual, ignoreIndex), "float32");
        return [sum(mul(right, counts)), sum(counts)];
      },
      (total) => Math.exp(-share(total)),
    ),
  );
}
