import { FulmineError } from "../../errors/fulmineError.js";
import { checkOptions } from "../../options/checkOptions.js";
import { flag, integer, isObject, optional, type Validators } from "../../options/validators.js";
import { RandomState } from "../../random/randomState.js";
import { isTensor } from "../../tensors/isTensor.js";
import { isNumberArray, type Field } from "../field.js";
import { checkFields } from "../loaders/checkFields.js";
import type { Samples } from "../loaders/sampleLoader.js";
import { labelsBy, type Label, type Labels } from "./labelsBy.js";
import { partSizes } from "./partSizes.js";
import { stratify } from "./stratify.js";
import { takeRows } from "./takeRows.js";

/** Options of {@link split}. */
export interface SplitOptions<Stratify = Labels | ((index: number) => Label)> {
  /** The seed of the random choice. @defaultValue 0 */
  readonly seed?: number;
  /** Whether the examples are chosen at random. If not, the parts are cut in order. @defaultValue true */
  readonly shuffle?: boolean;
  /**
   * The labels whose shares must be the same in all parts, as nearly as whole examples allow: the name of a field, a list with one
   * label per example, or a function of an example's index; for an array, a function of an example and its index.
   *
   * @defaultValue the labels do not matter
   */
  readonly stratify?: Stratify;
}

/** Data that can give some of its examples as data of the same kind. */
export interface Subsettable {
  /** Number of examples. */
  readonly length: number;
  /** Returns the examples at the given indices, in that order. */
  subset(rows: Int32Array): unknown;
}

/** One part for each size. */
export type Parts<Sizes extends readonly number[], Part> = { readonly [At in keyof Sizes]: Part };

/**
 * Splits data into parts at random, e.g. for training and validation. Each example is in exactly one part.
 *
 * The parts are of the same kind as the data: arrays of an array, fields of fields, a field of a field, samples of samples. Equal
 * seeds give equal parts. Tensors of the parts are new; the caller disposes them.
 *
 * @param data - The fields of a DataLoader, a single field, an array of examples, or the samples of a SampleLoader.
 * @param sizes - The size of each part: fractions that sum to 1, or numbers of examples that sum to the size of the data.
 * @throws FulmineError `INVALID_DATA`, `EMPTY_DATA`, `INVALID_OPTION` or `UNKNOWN_OPTION`: also if a part would be empty, or if a
 * label has fewer examples than there are parts.
 * @example
 * ```ts
 * const [train, val] = split({ xs, ys }, [0.8, 0.2], { seed: 1, stratify: "ys" });
 * ```
 */
export function split<Data extends Subsettable, const Sizes extends readonly number[]>(
  data: Data,
  sizes: Sizes,
  options?: SplitOptions<ArrayLike<Label> | ((index: number) => Label)>,
): Parts<Sizes, ReturnType<Data["subset"]>>;
export function split<T, const Sizes extends readonly number[]>(
  data: readonly T[],
  sizes: Sizes,
  options?: SplitOptions<ArrayLike<Label> | ((example: T, index: number) => Label)>,
): Parts<Sizes, T[]>;
export function split<F extends Field, const Sizes extends readonly number[]>(
  data: F,
  sizes: Sizes,
  options?: SplitOptions<ArrayLike<Label> | ((index: number) => Label)>,
): Parts<Sizes, F>;
export function split<S, const Sizes extends readonly number[]>(
  data: Samples<S>,
  sizes: Sizes,
  options?: SplitOptions<ArrayLike<Label> | ((index: number) => Label)>,
): Parts<Sizes, Samples<S>>;
export function split<
  Fields extends { readonly [Name in keyof Fields]: Field },
  const Sizes extends readonly number[],
>(data: Fields, sizes: Sizes, options?: SplitOptions): Parts<Sizes, Fields>;
export function split(
  data: unknown,
  sizes: readonly number[],
  options: SplitOptions<Labels | ((...given: never[]) => Label)> = {},
): readonly unknown[] {
  checkOptions(options, requirements, "split");
  const { count, take } = readerOf(data);
  const ends = partSizes(sizes, count);
  const { seed = 0, shuffle = true } = options;
  const order = shuffle
    ? new RandomState(seed).permutation(count)
    : Int32Array.from({ length: count }, (_, row) => row);
  if (options.stratify === undefined) {
    let start = 0;
    return ends.map((size) => take(order.slice(start, (start += size))));
  }
  if (!shuffle) {
    throw new FulmineError("INVALID_OPTION", "`stratify` of `split` needs a random choice.", {
      received: { shuffle },
      todo: "Leave `shuffle` out, or split the data in order without `stratify`.",
    });
  }
  return stratify(order, labelsBy(options.stratify, data, count), ends).map(take);
}

const requirements: Validators = {
  seed: optional(integer),
  shuffle: optional(flag),
  stratify: optional({
    expected: "the name of a field, a list with one label per example, or a function",
    test: (value) =>
      typeof value === "string" || typeof value === "function" || (isObject(value) && "length" in value),
  }),
};

/** How to take rows of data. */
interface RowReader {
  /** Number of examples. */
  readonly count: number;
  readonly take: (rows: Int32Array) => unknown;
}

function readerOf(data: unknown): RowReader {
  if (Array.isArray(data)) {
    const examples: readonly unknown[] = data;
    requireExamples(examples.length, data);
    return { count: examples.length, take: (rows) => Array.from(rows, (row) => examples[row]) };
  }
  if (isField(data)) {
    const count = checkFields([["data", data]]);
    return { count, take: (rows) => takeRows(data, rows) };
  }
  if (isObject(data, "subset") && "length" in data) {
    const whole = data as Subsettable;
    requireExamples(whole.length, data);
    return { count: whole.length, take: (rows) => whole.subset(rows) };
  }
  if (isObject(data, "get") && "length" in data) {
    const samples = data as Samples<unknown>;
    requireExamples(samples.length, data);
    return {
      count: samples.length,
      take: (rows) => ({ length: rows.length, get: (index: number) => samples.get(rows[index] ?? -1) }),
    };
  }
  if (isObject(data) && Object.getPrototypeOf(data) === Object.prototype) {
    const fields = Object.entries(data) as [string, Field][];
    const count = checkFields(fields);
    return {
      count,
      take: (rows) => Object.fromEntries(fields.map(([name, field]) => [name, takeRows(field, rows)])),
    };
  }
  throw new FulmineError("INVALID_DATA", "`split` takes fields, arrays or samples, which have an order.", {
    received: data,
    todo: "Split the data that a DataLoader is made of, not the loader; collect a stream or a tf.data.Dataset first, e.g. with await dataset.toArray().",
  });
}

function isField(data: unknown): data is Field {
  return isTensor(data) || isNumberArray(data) || (isObject(data) && "values" in data && "shape" in data);
}

function requireExamples(count: unknown, data: unknown): void {
  if (Number.isSafeInteger(count) && Number(count) > 0) return;
  throw new FulmineError("EMPTY_DATA", "`split` needs at least one example.", { received: data });
}
