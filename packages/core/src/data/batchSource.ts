import type { RandomState } from "../random/randomState.js";

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

/** Data that can be passed over again and again, and put back to where it stood. */
export interface BatchSource<B> {
  /** The number of batches of a pass, `null` when it is not known. */
  readonly length: number | null;
  /** Begins a pass; `random` is drawn from where the source has no seed of its own. */
  open(random: RandomState): BatchReader<B>;
  /**
   * Begins a time after which nothing shows that the source was read.
   *
   * @returns A function that ends it: later passes give what they would have given without it.
   */
  isolate(): () => void;
}
