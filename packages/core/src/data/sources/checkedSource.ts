import { reasonOf } from "../../errors/describe.js";
import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { nonNegativeInteger, isObject } from "../../options/validators.js";
import { batchSizeOf } from "../../tensors/batch.js";
import { delegateState, type BatchReader, type BatchSource, type ReadBatch } from "./batchSource.js";
import { matchesStructure, structureOf, type BatchStructure } from "./batchStructure.js";
import { hasVariableShapes } from "./withVariableShapes.js";

/**
 * Wraps a source so that it checks each batch, and so that errors name the data, the batch and the field.
 *
 * It reports a source that throws, ends before its length, or returns a batch of another structure than the first.
 *
 * @param name - The name of the data in messages, e.g. `"train"`.
 * @param given - The data as the user passed it, if the source was created from it.
 */
export function checkedSource<B>(
  source: BatchSource<B>,
  name: string,
  given: object = source,
): BatchSource<B> {
  const { length } = source;
  if (length !== null && !nonNegativeInteger.test(length))
    throw invalidSource(`The \`length\` of \`${name}\` must be a number of batches, or null.`, length);
  return {
    ...delegateState(source),
    isolate: (seed) => {
      const end: unknown = source.isolate(seed);
      if (typeof end !== "function")
        throw invalidSource(`The \`isolate\` of \`${name}\` must return a function.`, end);
      return end as () => void;
    },
    length,
    open: (random, options) => {
      const isStrict = !hasVariableShapes(given);
      const reader = source.open(random, options);
      if (!isObject(reader, "next", "close"))
        throw invalidSource(`The \`open\` of \`${name}\` must return { next, close }.`, reader);
      return checkedReader(reader, { name, isStrict, length }, options?.from);
    },
  };
}

/** The error for a user's own source that breaks the interface. */
function invalidSource(problem: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", problem, {
    received,
    todo: "Write the source as a BatchSource, or pass a DataLoader or an iterable of batches.",
  });
}

/** What a reader must deliver. */
interface Expectations {
  /** The name of the data, for messages. */
  readonly name: string;
  /** Number of batches that it must return; `null` if unknown. */
  readonly length: number | null;
  /** Whether all batches must have the shapes of the first, apart from the number of examples. */
  readonly isStrict: boolean;
}

/** Wraps a reader so that its `next` throws `INVALID_DATA` errors. `from` is the index of the first batch it returns. */
function checkedReader<B>(reader: BatchReader<B>, expected: Expectations, from = 0): BatchReader<B> {
  const { name, length, isStrict } = expected;
  let index = from;
  let structure: BatchStructure | null = null;

  return {
    next: async () => {
      let batch: ReadBatch<B> | undefined;
      try {
        batch = await reader.next();
      } catch (error) {
        throw readFailure(name, index, error);
      }
      if (batch === undefined) {
        // The loop reports an empty source, because it knows the epoch.
        if (length === null || index >= length || index === 0) return undefined;
        throw new FulmineError(
          "INVALID_DATA",
          `\`${name}\` ended after ${index} of ${counted(length, "batch", "batches")}.`,
          {
            todo: "Set its `length` to the number of batches per pass, or to null.",
          },
        );
      }
      if (!isObject(batch, "release"))
        throw invalidSource(
          `The \`next\` of \`${name}\` must return { value, release }, or undefined.`,
          batch,
        );
      const { value } = batch;
      structure ??= structureOf(value);
      const isValid =
        value !== undefined &&
        value !== null &&
        matchesStructure(value, structure, isStrict) &&
        batchSizeOf(value) > 0;
      if (!isValid) {
        try {
          // Loaded on demand, because valid data never needs it.
          const { batchProblem } = await import("./batchProblem.js");
          const problem = batchProblem(value, { name, index, structure, isStrict });
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

function readFailure(name: string, index: number, error: unknown): FulmineError {
  const reason = reasonOf(error).replace(/([^.!?])$/, "$1.");
  // A package that is not installed is no fault of the data.
  const code = error instanceof FulmineError && error.code === "UNAVAILABLE" ? error.code : "INVALID_DATA";
  return new FulmineError(code, `\`${name}\` failed at batch ${index}: ${reason}`, {
    ...(error instanceof FulmineError ? {} : { todo: "The original error is the `cause` of this one." }),
    cause: error,
  });
}
