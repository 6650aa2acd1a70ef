import { FulmineError } from "../errors/fulmineError.js";
import { checkOptions } from "../options/checkOptions.js";
import {
  callable,
  count,
  nonNegativeInteger,
  flag,
  isObject,
  optional,
  integer,
  type Validator,
  type Validators,
} from "../options/validators.js";
import type { RandomState } from "../random/randomState.js";

/** Chooses the rows of a pass: `count` numbers from 0 to `size - 1`, drawn from `random` alone. */
export type Sampler = (size: number, random: RandomState, count: number) => ArrayLike<number>;

/**
 * Makes another batch of a batch, e.g. for augmentation.
 *
 * What TensorFlow.js draws at random in it follows from the loader's seed and the batch's place in the pass; so does what
 * is drawn from `random`, which an async transform must use after its first `await`. The tensors that it gives are freed
 * with the batch, those it replaces at once, and so are the in-between ones of a transform that is not async.
 */
export type Transform<In, Out> = (batch: In, random: RandomState) => Out | Promise<Out>;

/** How examples are chosen and cut into batches. */
export interface LoaderOptions {
  /** Examples per batch. @defaultValue 32 */
  readonly batchSize?: number;
  /** Whether each pass has a new random order. @defaultValue false */
  readonly shuffle?: boolean;
  /** Whether a last batch that is short is left out. @defaultValue false */
  readonly dropLast?: boolean;
  /** The seed of all the loader's chance; left out, the Trainer's seed decides. */
  readonly seed?: number;
  /** A weight per example: each pass draws examples with replacement in proportion. @defaultValue each example once */
  readonly weights?: ArrayLike<number>;
  /** Chooses each pass's rows in a way of your own. @defaultValue each example once */
  readonly sampler?: Sampler;
  /** The number of examples of a pass, with `weights` or `sampler`. @defaultValue the size of the data */
  readonly numSamples?: number;
  /** How many batches are assembled ahead, in the gaps of the event loop. @defaultValue 0 */
  readonly prefetch?: number;
}

/** The rows of a pass are drawn at once. */
const MOST_SAMPLES = 1e8;
/** Rows are known by int32. */
const MOST_ROWS = 2 ** 31 - 1;

/** How many examples there may be. */
export const exampleCount: Validator = {
  expected: `a whole number of at most ${MOST_ROWS}`,
  test: (value) => nonNegativeInteger.test(value) && Number(value) <= MOST_ROWS,
};

const own: Validators = {
  batchSize: optional(count),
  shuffle: optional(flag),
  dropLast: optional(flag),
  seed: optional(integer),
  weights: optional({
    expected: "a list of numbers, one for each row",
    test: (value) => isObject(value) && "length" in value,
  }),
  sampler: optional(callable()),
  numSamples: optional({
    expected: `a whole number from 1 to ${MOST_SAMPLES}`,
    test: (value) => count.test(value) && Number(value) <= MOST_SAMPLES,
  }),
  prefetch: optional(nonNegativeInteger),
};

/**
 * The number of examples of a pass under these options.
 *
 * @param more - What the options of a loader must be that it takes beside those of {@link LoaderOptions}.
 * @throws {@link FulmineError} `UNKNOWN_OPTION`, `INVALID_OPTION` or `EMPTY_DATA`, naming the option.
 */
export function checkLoaderOptions(
  loader: string,
  options: LoaderOptions,
  size: number,
  more: Validators,
): number {
  checkOptions(options, { ...own, ...more }, loader);
  checkChoice(options, size);
  const { batchSize = 32, dropLast = false, numSamples: examples = size } = options;
  const isDrawn = options.shuffle === true || options.sampler !== undefined || hasTransform(options);
  if (isDrawn && examples > MOST_SAMPLES) {
    throw new FulmineError(
      "INVALID_OPTION",
      `A pass of \`${loader}\` draws what is by chance at once, for at most ${MOST_SAMPLES} examples.`,
      { received: examples, todo: "Pass fewer by `numSamples` with a `sampler`, or leave the chance out." },
    );
  }
  if (dropLast && batchSize > examples) {
    throw new FulmineError(
      "EMPTY_DATA",
      `With \`dropLast\` and a \`batchSize\` above the ${examples} examples there is no batch.`,
      { received: batchSize, todo: "Lower `batchSize` or leave `dropLast` off." },
    );
  }
  return examples;
}

function hasTransform(options: object): boolean {
  return "transform" in options && options.transform !== undefined;
}

/** Only one way of choosing the rows can hold, and weights must be fit to draw by. */
function checkChoice({ shuffle = false, weights, sampler, numSamples }: LoaderOptions, size: number): void {
  const ways = [shuffle, weights !== undefined, sampler !== undefined].filter(Boolean).length;
  if (ways > 1) {
    throw new FulmineError("INVALID_OPTION", "`shuffle`, `weights` and `sampler` exclude each other.", {
      todo: "Rows drawn by `weights` come in random order already.",
    });
  }
  if (numSamples !== undefined && weights === undefined && sampler === undefined) {
    throw new FulmineError("INVALID_OPTION", "`numSamples` needs `weights` or `sampler`.", {
      received: numSamples,
    });
  }
  if (weights === undefined) return;
  if (weights.length !== size) {
    throw new FulmineError(
      "INVALID_OPTION",
      `\`weights\` must have one number for each of the ${size} rows.`,
      { received: weights },
    );
  }
  const list = Array.from(weights);
  if (list.every((weight) => Number.isFinite(weight) && weight >= 0) && list.some((weight) => weight > 0))
    return;
  throw new FulmineError(
    "INVALID_OPTION",
    "`weights` must be finite numbers of at least 0, and one of them above 0.",
    { received: list.find((weight) => !(Number.isFinite(weight) && weight > 0)) },
  );
}
