import { delegateState, type BatchSource } from "../../data/sources/batchSource.js";
import { devRunBatches, type BatchLimit, type TrainerOptions } from "../../module/trainerOptions.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { repeatSource } from "./repeatSource.js";

/** The opened data of a fit. */
export interface FitSources<B> {
  readonly train: BatchSource<B>;
  readonly val: BatchSource<B> | null;
}

/** Limits the data of a fit as the options say. */
export function limitFit<B>({ train, val }: FitSources<B>, options: TrainerOptions): FitSources<B> {
  const { overfitBatches, limitTrainBatches, limitValBatches } = options;
  const dev = devRunBatches(options);
  if (overfitBatches !== undefined && dev === null) {
    const few = limitSource(repeatSource(train), countOf(overfitBatches, train.length, "overfitBatches"));
    return { train: few, val: val === null ? null : few };
  }
  return {
    train: limited(train, dev ?? limitTrainBatches, "limitTrainBatches"),
    val:
      val === null || limitValBatches === 0 ? null : limited(val, dev ?? limitValBatches, "limitValBatches"),
  };
}

/** Limits a source; without a limit it returns the source itself. */
export function limited<B>(source: BatchSource<B>, limit: number | undefined, name: string): BatchSource<B> {
  return limit === undefined ? source : limitSource(source, countOf(limit, source.length, name));
}

/**
 * Converts a limit into a number of batches.
 *
 * @param length - The number of batches of a pass; `null` if unknown.
 * @param name - The option's name in messages.
 * @throws FulmineError `INVALID_OPTION` for a fraction of an unknown length.
 */
export function countOf(limit: BatchLimit, length: number | null, name: string): number {
  if (limit >= 1 || limit === 0) return limit;
  if (length !== null) return Math.max(1, Math.floor(limit * length));
  throw new FulmineError(
    "INVALID_OPTION",
    `\`${name}\` can't be a fraction of data whose length is not known.`,
    {
      received: limit,
      todo: "Give an integer number of batches.",
    },
  );
}

/** A source of only the first batches of each pass. */
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
