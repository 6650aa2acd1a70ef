import { batchSizeOf } from "../tensors/batch.js";
import { reasonOf } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";
import { nonNegativeInteger, isObject } from "../options/validators.js";
import { isAlike, outlineOf, type Outline } from "./batchOutline.js";
import type { BatchReader, BatchSource, ReadBatch } from "./batchSource.js";
import { passOn } from "./passOn.js";
import { mayVaryInShape } from "./withVariableShapes.js";

/**
 * A source whose failures name it, the batch and the field: one that throws, ends before its length, or gives something
 * else than its first batch was.
 *
 * @param name - What the data is called in messages, e.g. `"train"`.
 * @param given - The data as the user gave it, when the source was made of it.
 */
export function checkedSource<B>(
  source: BatchSource<B>,
  name: string,
  given: object = source,
): BatchSource<B> {
  const { length } = source;
  if (length !== null && !nonNegativeInteger.test(length))
    throw unfit(`The \`length\` of \`${name}\` must be a number of batches, or null.`, length);
  return {
    ...passOn(source),
    isolate: (seed) => {
      const end: unknown = source.isolate(seed);
      if (typeof end !== "function")
        throw unfit(`The \`isolate\` of \`${name}\` must return a function.`, end);
      return end as () => void;
    },
    length,
    open: (random, options) => {
      const isStrict = !mayVaryInShape(given);
      const reader = source.open(random, options);
      if (!isObject(reader, "next", "close"))
        throw unfit(`The \`open\` of \`${name}\` must return { next, close }.`, reader);
      return checkedReader(reader, { name, isStrict, length }, options?.from);
    },
  };
}

/** What a source of the user's own does wrong. */
function unfit(problem: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", problem, {
    received,
    todo: "Write the source as a BatchSource, or pass a DataLoader or an iterable of batches.",
  });
}

/** What a reader is held to. */
export interface ReaderTerms {
  /** What the data is called in messages. */
  readonly name: string;
  /** The number of batches that it must give, `null` when it is not known. */
  readonly length: number | null;
  /** Whether all batches must be shaped like the first, but for the number of examples. */
  readonly isStrict: boolean;
}

/**
 * A reader whose failures name the data, the batch and the field.
 *
 * @param from - The index of the first batch that it gives.
 * @throws {@link FulmineError} `INVALID_DATA`, from `next`.
 */
export function checkedReader<B>(reader: BatchReader<B>, terms: ReaderTerms, from = 0): BatchReader<B> {
  const { name, length } = terms;
  let index = from;
  let outline: Outline | null = null;

  return {
    next: async () => {
      let batch: ReadBatch<B> | undefined;
      try {
        batch = await reader.next();
      } catch (error) {
        const reason = reasonOf(error).replace(/([^.!?])$/, "$1.");
        throw new FulmineError("INVALID_DATA", `\`${name}\` failed at batch ${index}: ${reason}`, {
          ...(error instanceof FulmineError ? {} : { todo: "What it threw is the `cause` of this error." }),
          cause: error,
        });
      }
      if (batch === undefined) {
        // An empty source is the loop's to report, for it knows the epoch.
        if (length === null || index >= length || index === 0) return undefined;
        throw new FulmineError("INVALID_DATA", `\`${name}\` ended after ${index} of ${length} batches.`, {
          todo: "Make its `length` the number of batches that a pass gives, or null.",
        });
      }
      if (!isObject(batch, "release"))
        throw unfit(`The \`next\` of \`${name}\` must give { value, release }, or nothing.`, batch);
      const { value } = batch;
      outline ??= outlineOf(value);
      if (
        value === undefined ||
        value === null ||
        !isAlike(value, outline, terms.isStrict) ||
        batchSizeOf(value) === 0
      ) {
        try {
          const { batchProblem } = await import("./batchProblem.js");
          const problem = batchProblem(value, { ...terms, index, outline });
          if (problem !== null) throw problem;
        } catch (error) {
          batch.release();
          throw error;
        }
      }
      index += 1;
      return batch;
    },
    close: () => reader.close(),
  };
}
