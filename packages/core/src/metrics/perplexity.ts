import {
  cast,
  clipByValue,
  log,
  logSoftmax,
  mul,
  notEqual,
  oneHot,
  reshape,
  sum,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../options/checkOptions.js";
import { flag, optional, integer, type Validators } from "../options/validators.js";
import { totalWeight, weighted, weightsFor } from "./exampleWeights.js";
import { classesOf, columnsOf } from "./labels.js";
import { meanOf, meanRule, type SumAndCount } from "./meanRule.js";
import { StreamingMetric } from "./streamingMetric.js";
import { labelRange } from "./targets.js";

/** Options of {@link perplexity}. */
export interface PerplexityOptions {
  /** Whether predictions are logits rather than probabilities. @defaultValue true */
  readonly fromLogits?: boolean;
  /** The class index of targets to ignore, e.g. that of padding. @defaultValue none */
  readonly ignoreIndex?: number;
}

const requirements: Validators = { fromLogits: optional(flag), ignoreIndex: optional(integer) };

/** Lower bound on probabilities, so that a single probability of 0 does not make the result infinite. */
const MIN_PROBABILITY = 1e-7;

/**
 * Perplexity: exp(−mean log p), where p is the probability that the model gives to the actual class; from 1 to infinity
 * (Jelinek et al. 1977). It equals the number of equally likely classes with the same uncertainty.
 *
 * Predictions are logits or probabilities of shape `[…, classes]`, e.g. `[batch, time, vocabulary]`. Targets are class
 * indices of shape `[…]` or one-hot rows of shape `[…, classes]`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function perplexity(options: PerplexityOptions = {}): StreamingMetric<SumAndCount> {
  checkOptions(options, requirements, "perplexity");
  const { fromLogits = true, ignoreIndex } = options;
  return new StreamingMetric(
    meanRule(
      (predictions, targets, given) => {
        const classes = columnsOf(predictions);
        const rows = reshape(cast(predictions, "float32"), [-1, classes]);
        const logProbabilities = fromLogits ? logSoftmax(rows) : log(clipByValue(rows, MIN_PROBABILITY, 1));
        const { actual, range } = classesOf(predictions, targets);
        const logLikelihoods = sum(mul(logProbabilities, cast(oneHot(actual, classes), "float32")), 1);
        const weights = weightsFor(given, predictions, actual.size);
        if (ignoreIndex === undefined)
          return [sum(weighted(logLikelihoods, weights)), totalWeight(actual.size, weights), range];
        const isCounted = notEqual(actual, ignoreIndex);
        const counts = weighted(cast(isCounted, "float32"), weights);
        const counted = where(isCounted, actual, zerosLike(actual));
        return [sum(mul(logLikelihoods, counts)), sum(counts), labelRange(counted, classes)];
      },
      (total) => Math.exp(-meanOf(total)),
    ),
  );
}
