import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { checkOptions } from "../../options/checkOptions.js";
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
} from "../../options/validators.js";
import type { RandomState } from "../../random/randomState.js";

/**
 * Draws the rows of a pass.
 *
 * @param size - Number of rows of the data.
 * @param random - The only source of random numbers that it may use.
 * @param count - Number of rows to return.
 * @returns `count` integers from 0 to `size - 1`.
 */
export type Sampler = (size: number, random: RandomState, count: number) => ArrayLike<number>;

/** Options of all loaders. */
export interface LoaderOptions {
  /** Number of examples per batch. @defaultValue 32 */
  readonly batchSize?: number;
  /** Whether each pass has a new random order. @defaultValue false */
  readonly shuffle?: boolean;
  /** Whether to drop the last batch of a pass if it is incomplete. @defaultValue false */
  readonly dropLast?: boolean;
  /** The seed of shuffling, sampling and transforms. @defaultValue drawn from the Trainer's seed */
  readonly seed?: number;
  /**
   * One non-negative weight per example. Each pass draws examples with replacement, with probabilities proportional to their
   * weights. @defaultValue each example once
   */
  readonly weights?: ArrayLike<number>;
  /** Draws the rows of each pass. @defaultValue each example once */
  readonly sampler?: Sampler;
  /** Number of examples per pass, with `weights` or `sampler`. @defaultValue the size of the data */
  readonly numSamples?: number;
  /** Number of batches to assemble ahead of time, while the event loop is idle. @defaultValue 0 */
  readonly prefetch?: number;
}

/** The rows of a pass are drawn at once, so their number is limited by memory. */
const MAX_SAMPLES = 1e8;
/** Row indices are int32. */
const MAX_ROWS = 2 ** 31 - 1;

/** Validates a number of examples. */
export const exampleCount: Validator = {
  expected: `an integer of at most ${MAX_ROWS}`,
  test: (value) => nonNegativeInteger.test(value) && Number(value) <= MAX_ROWS,
};

const requirements: Validators = {
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
    expected: `an integer from 1 to ${MAX_SAMPLES}`,
    test: (value) => count.test(value) && Number(value) <= MAX_SAMPLES,
  }),
  prefetch: optional(nonNegativeInteger),
};

/**
 * Checks the options of a loader.
 *
 * @param loader - The name of the loader, for messages.
 * @param size - Number of examples in the data.
 * @param more - Validators of the options that this loader takes in addition to {@link LoaderOptions}.
 * @returns The number of examples per pass.
 * @throws FulmineError `UNKNOWN_OPTION`, `INVALID_OPTION` or `EMPTY_DATA`, with the name of the option.
 */
export function checkLoaderOptions(
  loader: string,
  options: LoaderOptions,
  size: number,
  more: Validators,
): number {
  checkOptions(options, { ...requirements, ...more }, loader);
  checkChoice(options, size);
  const { batchSize = 32, dropLast = false, numSamples: examples = size } = options;
  const isDrawn = options.shuffle === true || options.sampler !== undefined || hasTransform(options);
  if (isDrawn && examples > MAX_SAMPLES) {
    throw new FulmineError(
      "INVALID_OPTION",
      `A random pass of \`${loader}\` must have at most ${MAX_SAMPLES} examples.`,
      { received: examples, todo: "Set `numSamples` with a `sampler`, or read the data in order." },
    );
  }
  if (dropLast && batchSize > examples) {
    throw new FulmineError(
      "EMPTY_DATA",
      `With \`dropLast\` and a \`batchSize\` above the ${counted(examples, "example")}, a pass has no batch.`,
      { received: batchSize, todo: "Lower `batchSize`, or leave `dropLast` out." },
    );
  }
  return examples;
}

function hasTransform(options: object): boolean {
  return "transform" in options && options.transform !== undefined;
}

/** Checks that at most one option chooses the rows, and that weights are valid. */
function checkChoice({ shuffle = false, weights, sampler, numSamples }: LoaderOptions, size: number): void {
  const ways = [shuffle, weights !== undefined, sampler !== undefined].filter(Boolean).length;
  if (ways > 1) {
    throw new FulmineError("INVALID_OPTION", "Only one of `shuffle`, `weights` and `sampler` can be set.", {
      todo: "Rows drawn by `weights` are already in random order.",
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
      `\`weights\` must have one number for each of the ${counted(size, "row")}.`,
      { received: weights },
    );
  }
  const list = Array.from(weights);
  if (list.every((weight) => Number.isFinite(weight) && weight >= 0) && list.some((weight) => weight > 0))
    return;
  throw new FulmineError(
    "INVALID_OPTION",
    "`weights` must be finite numbers of at least 0, with at least one above 0.",
    { received: list.find((weight) => !(Number.isFinite(weight) && weight > 0)) },
  );
}
