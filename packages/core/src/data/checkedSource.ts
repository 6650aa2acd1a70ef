import { reasonOf } from "../describe.js";
import { FulmineError } from "../fulmineError.js";
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
  return {
    ...passOn(source),
    length: source.length,
    open: (random, options) => {
      const isStrict = !mayVaryInShape(given);
      return checkedReader(
        source.open(random, options),
        { name, isStrict, length: source.length },
        options?.from,
      );
    },
  };
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
        const reason = reasonOf(error);
        throw new FulmineError("INVALID_DATA", `\`${name}\` failed at batch ${index}: ${reason}`, {
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
      const { value } = batch;
      outline ??= outlineOf(value);
      if (value === undefined || value === null || !isAlike(value, outline, terms.isStrict)) {
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
