import type { RandomSnapshot, RandomState } from "../../random/randomState.js";

/** A batch, and how to release it. */
export interface ReadBatch<B> {
  /** The batch. */
  readonly value: B;
  /** Disposes the batch's tensors if the reader created them; does nothing if they belong to the user. */
  release(): void;
}

/** Reads the batches of one pass over the data. */
export interface BatchReader<B> {
  /** Resolves to the next batch; to `undefined` after the last one. */
  next(): Promise<ReadBatch<B> | undefined>;
  /** Ends the pass early and lets the source clean up. */
  close(): Promise<void>;
}

/** Options of {@link BatchSource.open}. */
export interface OpenOptions {
  /**
   * Continues the latest pass at this batch, counted from 0, instead of beginning a new one. The reader then returns the
   * batches that the pass has left. If no pass was begun yet, a new one begins, without its first batches.
   *
   * @defaultValue a new pass, from its first batch
   */
  readonly from?: number;
}

/** The state of a loader, as plain data that can be written to JSON. */
export interface LoaderState {
  /** Number of passes begun. */
  readonly passes: number;
  /** The latest pass; `null` before the first. */
  readonly pass: PassState | null;
  /** Random state of the next pass; `null` if the loader has none yet. */
  readonly next: RandomSnapshot | null;
}

/** Everything that determines the batches of a pass. */
export interface PassState {
  /** Random state at the start of the pass; `null` if nothing in it is random. */
  readonly random: RandomSnapshot | null;
  /** Number of examples in the data. */
  readonly size: number;
  /** Number of examples per batch. */
  readonly batchSize: number;
}

/** Data that can be read in repeated passes, and whose position can be restored. */
export interface BatchSource<B> {
  /** Number of batches per pass; `null` if unknown. */
  readonly length: number | null;
  /**
   * Begins a pass.
   *
   * @param random - The random state to draw from if the source has no seed of its own.
   */
  open(random: RandomState, options?: OpenOptions): BatchReader<B>;
  /**
   * Starts a run: resets the random state, so that the passes depend only on the source's own seed, or else on the `random`
   * of the run. A source without random state omits this method.
   */
  renew?(): void;
  /**
   * Starts an isolated section. Reading in it leaves no trace: later passes return what they would have returned without it.
   *
   * @param seed - Seed of the passes in the section. @defaultValue the passes are those that would come next
   * @returns A function that ends the section.
   */
  isolate(seed?: number): () => void;
  /** Returns the state for a checkpoint. A source without state omits this method. */
  stateDict?(): LoaderState;
  /** Restores a state from {@link BatchSource.stateDict}. `open` with `from` then continues its pass. */
  loadStateDict?(state: LoaderState): void;
}

/** Delegates a wrapper's isolation and state to the source that it wraps. */
export function delegateState<B>(
  source: BatchSource<B>,
): Pick<BatchSource<B>, "isolate" | "renew" | "stateDict" | "loadStateDict"> {
  return {
    isolate: (seed) => source.isolate(seed),
    ...(source.renew === undefined ? {} : { renew: source.renew.bind(source) }),
    ...(source.stateDict === undefined ? {} : { stateDict: source.stateDict.bind(source) }),
    ...(source.loadStateDict === undefined ? {} : { loadStateDict: source.loadStateDict.bind(source) }),
  };
}

/** Wraps a reader so that it reads and releases `count` batches before the first one that it returns. */
export function skipBatches<B>(reader: BatchReader<B>, count: number): BatchReader<B> {
  let left = count;
  return {
    next: async () => {
      for (; left > 0; left--) {
        const batch = await reader.next();
        if (batch === undefined) return undefined;
        batch.release();
      }
      return reader.next();
    },
    close: () => reader.close(),
  };
}
