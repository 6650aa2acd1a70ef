import type { RandomSnapshot, RandomState } from "../random/randomState.js";

/** A batch that was read, with the means to free what was made for it. */
export interface ReadBatch<B> {
  readonly value: B;
  /** Frees the batch's tensors if the reader made them; leaves those of the user alone. */
  release(): void;
}

/** One pass over the data. */
export interface BatchReader<B> {
  /** The next batch, `undefined` after the last. */
  next(): Promise<ReadBatch<B> | undefined>;
  /** Ends the pass early and lets the source clean up. */
  close(): Promise<void>;
}

/** How a pass begins. */
export interface OpenOptions {
  /**
   * Goes on with the latest pass at this batch, counted from 0, instead of beginning a new one: the remaining batches are
   * those that the pass would have given. Where no pass was begun yet, a new one is, without its first batches.
   *
   * @defaultValue a new pass, from its first batch
   */
  readonly from?: number;
}

/** Where a loader stands, as plain data that fits into JSON. */
export interface LoaderState {
  /** The number of passes that were begun. */
  readonly passes: number;
  /** The pass that was begun last, `null` before the first. */
  readonly pass: PassState | null;
  /** The chance of the next pass, `null` when none was drawn yet. */
  readonly next: RandomSnapshot | null;
}

/** What a pass follows from. */
export interface PassState {
  /** The chance at the pass's start, `null` when it has none. */
  readonly random: RandomSnapshot | null;
  /** The number of examples in the data. */
  readonly size: number;
  /** The number of examples per batch. */
  readonly batchSize: number;
}

/** Data that can be passed over again and again, and put back to where it stood. */
export interface BatchSource<B> {
  /** The number of batches of a pass, `null` when it is not known. */
  readonly length: number | null;
  /** Begins a pass; `random` is drawn from where the source has no seed of its own. */
  open(random: RandomState, options?: OpenOptions): BatchReader<B>;
  /**
   * Begins a run: chance that earlier runs have drawn is forgotten, so that passes follow from the source's own seed, or
   * else from the `random` of the run. A source without such chance leaves it out.
   */
  renew?(): void;
  /**
   * Begins a time after which nothing shows that the source was read.
   *
   * @param seed - What the source's chance follows from meanwhile; left out, its passes are those to come.
   * @returns A function that ends it: later passes give what they would have given without it.
   */
  isolate(seed?: number): () => void;
  /** Where the source stands, for a checkpoint; a source that has no such state leaves it out. */
  stateDict?(): LoaderState;
  /** Goes back to where {@link BatchSource.stateDict} was taken; `open` with `from` then goes on with its pass. */
  loadStateDict?(state: LoaderState): void;
}
