import {
  cast,
  clipByValue,
  log,
  logSoftmax,
  mul,
  notEqual,
  oneHot,
  reshape,
  scalar,
  sum,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { classesOf, columnsOf } from "./labels.js";
import { labelRange } from "./labelRange.js";
import { share, shareRule, type Share } from "./shareRule.js";
import { StreamingMetric } from "./streamingMetric.js";
import { checkOptions } from "../options/checkOptions.js";
import { flag, optional, integer, type Validators } from "../options/validators.js";

/** How predictions become perplexity. */
export interface PerplexityOptions {
  /** Whether predictions are logits rather than probabilities. @defaultValue true */
  readonly fromLogits?: boolean;
  /** The class number of targets that do not count, e.g. that of padding. @defaultValue none */
  readonly ignoreIndex?: number;
}

const requirements: Validators = { fromLogits: optional(flag), ignoreIndex: optional(integer) };

/** The smallest probability that counts, so that one certain mistake does not make the whole infinite. */
const LEAST = 1e-7;

/**
 * The exponential of the mean negative log-likelihood of the right classes, natural logarithm: as if the model chose among
 * that many equally likely ones each time.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function perplexity(options: PerplexityOptions = {}): StreamingMetric<Share> {
  checkOptions(options, requirements, "perplexity");
  const { fromLogits = true, ignoreIndex } = options;
  return new StreamingMetric(
    shareRule(
      (predictions, targets) => {
        const classes = columnsOf(predictions);
        const rows = reshape(cast(predictions, "float32"), [-1, classes]);
        const likelihoods = fromLogits ? logSoftmax(rows) : log(clipByValue(rows, LEAST, 1));
        const { actual, range } = classesOf(predictions, targets);
        const right = sum(mul(likelihoods, cast(oneHot(actual, classes), "float32")), 1);
        if (ignoreIndex === undefined) return [sum(right), scalar(right.size), range];
        const isCounted = notEqual(actual, ignoreIndex);
        const counts = cast(isCounted, "float32");
        const counted = where(isCounted, actual, zerosLike(actual));
        return [sum(mul(right, counts)), sum(counts), labelRange(counted, classes)];
      },
      (total) => Math.exp(-share(total)),
    ),
  );
}
