import type { BatchSource } from "../../data/batchSource.js";
import type { FitSources } from "./fitData.js";
import type { TrainerOptions, BatchLimit } from "../../module/trainerOptions.js";
import { passOn } from "../../data/passOn.js";
import { FulmineError } from "../../errors/fulmineError.js";

/** Stands for training data where none is needed. */
export const noData: BatchSource<never> = {
  length: 0,
  open: () => ({ next: () => Promise.resolve(undefined), close: () => Promise.resolve() }),
  isolate: () => () => undefined,
};

/** Lets the data of a run begin with chance that no earlier run has drawn. */
export function renew<B>({ train, val }: FitSources<B>): void {
  train.renew?.();
  val?.renew?.();
}

/** How many batches `fastDevRun` lets through, `null` when it is off. */
export function devBatches({ fastDevRun = false }: TrainerOptions): number | null {
  return fastDevRun === false ? null : fastDevRun === true ? 1 : fastDevRun;
}

/** The data of a fit as far as the options let it through. */
export async function limitFit<B>(
  { train, val }: FitSources<B>,
  options: TrainerOptions,
): Promise<FitSources<B>> {
  const { overfitBatches, limitTrainBatches, limitValBatches } = options;
  const dev = devBatches(options);
  if (overfitBatches !== undefined && dev === null) {
    const { repeatSource } = await import("./repeatSource.js");
    const few = limitSource(repeatSource(train), countOf(overfitBatches, train.length, "overfitBatches"));
    return { train: few, val: val === null ? null : few };
  }
  return {
    train: limited(train, dev ?? limitTrainBatches, "limitTrainBatches"),
    val:
      val === null || limitValBatches === 0 ? null : limited(val, dev ?? limitValBatches, "limitValBatches"),
  };
}

/** Lets only as much of a source through as a limit says, if there is one. */
export function limited<B>(source: BatchSource<B>, limit: number | undefined, name: string): BatchSource<B> {
  return limit === undefined ? source : limitSource(source, countOf(limit, source.length, name));
}

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
    ...passOn(source),
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
