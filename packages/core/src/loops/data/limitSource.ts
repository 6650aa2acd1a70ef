import { delegateState, type BatchSource } from "../../data/sources/batchSource.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { BatchLimit } from "../../module/trainerOptions.js";

/**
 * The number of batches that a limit lets through.
 *
 * @param length - The number of batches of a pass, `null` when it is not known.
 * @param name - The option, for messages.
 * @throws {@link FulmineError} `INVALID_OPTION` for a fraction of an unknown length.
 */
export function countOf(limit: BatchLimit, length: number | null, name: string): number {
  if (limit >= 1 || limit === 0) return limit;
  if (length !== null) return Math.max(1, Math.floor(limit * length));
  throw new FulmineError(
    "INVALID_OPTION",
    `\`${name}\` can't be a fraction of data whose length is not known.`,
    {
      received: limit,
      todo: "Give a whole number of batches.",
    },
  );
}

/** Lets only the first batches of each pass through. */
export function limitSource<B>(source: BatchSource<B>, count: number): BatchSource<B> {
  if (source.length !== null && source.length <= count) return source;
  return {
    ...delegateState(source),
    length: source.length === null ? null : count,
    open(random, options) {
      const reader = source.open(random, options);
      let taken = options?.from ?? 0;
      return {
        next: () => (taken++ < count ? reader.next() : Promise.resolve(undefined)),
        close: () => reader.close(),
      };
    },
  };
}
