import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { RandomState } from "../../random/randomState.js";
import { disposeBatch } from "../../tensors/batch.js";
import type {
  BatchReader,
  BatchSource,
  LoaderState,
  OpenOptions,
  PassState,
} from "../sources/batchSource.js";
import type { LoaderOptions } from "./loaderOptions.js";
import { prefetchBatches } from "./prefetchBatches.js";
import { rowSamplerOf, type RowSampler } from "./rowSampler.js";
import { applyTransform, type Transform } from "./transform.js";

/** Number of possible seeds of a batch. */
const SEEDS = 2 ** 32;

/** Assembles a loader's batches. */
export interface BatchAssembler<Raw, B> {
  /** Number of examples in the data. */
  readonly size: number;
  /** Number of examples per pass. */
  readonly examples: number;
  /** Assembles a batch from rows of the data. */
  assemble(rows: Int32Array): Raw | Promise<Raw>;
  /** Turns the assembled batch into the one that the loader returns. */
  readonly transform: Transform<Raw, B> | undefined;
}

/**
 * Base class of all loaders: it chooses the rows of each batch, starts passes, and resumes them.
 *
 * All random numbers of a pass are drawn when it is opened. Therefore any batch can be made on its own: ahead of time, or
 * after a resume without the batches before it.
 *
 * @typeParam Raw - The type of an assembled batch, before `transform`.
 * @typeParam B - The type of a batch.
 */
export abstract class BatchLoader<Raw, B> implements BatchSource<B> {
  /** Number of examples in the data. */
  readonly size: number;
  /** Number of batches per pass. */
  readonly length: number;
  /** Number of examples per batch; the last batch of a pass may have fewer. */
  readonly batchSize: number;
  readonly #assembler: BatchAssembler<Raw, B>;
  readonly #prefetch: number;
  readonly #rowSampler: RowSampler | null;
  readonly #seed: number | undefined;
  /** Random state of the next pass; `null` until a run provides one. */
  #random: RandomState | null;
  /** Random state for direct iteration with a seed, which must not advance that of a run. */
  readonly #iterationRandom: RandomState | null;
  #pass: PassState | null = null;
  #passes = 0;

  protected constructor(assembler: BatchAssembler<Raw, B>, options: LoaderOptions) {
    const { batchSize = 32, dropLast = false, prefetch = 0, seed } = options;
    const { size, examples } = assembler;
    this.size = size;
    this.length = dropLast ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize);
    this.#assembler = assembler;
    this.batchSize = batchSize;
    this.#prefetch = prefetch;
    this.#rowSampler = rowSamplerOf(options, size, examples);
    this.#seed = seed;
    this.#random = seed === undefined ? null : new RandomState(seed);
    this.#iterationRandom = seed === undefined ? null : new RandomState(seed);
  }

  /** Returns a loader of the same data with another batch size; all other options stay the same. */
  abstract withBatchSize(batchSize: number): BatchLoader<Raw, B>;

  open(random: RandomState, { from }: OpenOptions = {}): BatchReader<B> {
    const source =
      from === undefined || this.#pass === null ? this.#beginPass(random) : this.#resumePass(this.#pass);
    const rows = source === null ? null : (this.#rowSampler?.(source) ?? null);
    const seeds =
      source === null || this.#assembler.transform === undefined
        ? null
        : Array.from({ length: this.length }, () => source.int(SEEDS));
    let position = from ?? 0;
    const reader: BatchReader<B> = {
      next: async () => {
        if (position >= this.length) return undefined;
        const index = position++;
        const value = await this.#makeBatch(this.#rowsOf(index, rows), seeds?.[index]);
        return { value, release: () => disposeBatch(value) };
      },
      close: () => Promise.resolve(),
    };
    return this.#prefetch === 0 ? reader : prefetchBatches(reader, this.#prefetch);
  }

  renew(): void {
    this.#random = this.#seed === undefined ? null : new RandomState(this.#seed);
    [this.#pass, this.#passes] = [null, 0];
  }

  isolate(seed?: number): () => void {
    const random = this.#random?.snapshot();
    const [pass, passes] = [this.#pass, this.#passes];
    if (seed !== undefined) this.#random = new RandomState(seed);
    return () => {
      this.#random = random === undefined ? null : RandomState.fromSnapshot(random);
      [this.#pass, this.#passes] = [pass, passes];
    };
  }

  /** Returns the state for a checkpoint: the current or latest pass, and the random state of the next one. */
  stateDict(): LoaderState {
    return { passes: this.#passes, pass: this.#pass, next: this.#random?.snapshot() ?? null };
  }

  /** Restores the state of a loader with equal options. `open` with `from` then continues its pass. */
  loadStateDict({ passes, pass, next }: LoaderState): void {
    this.#random = next === null ? null : RandomState.fromSnapshot(next);
    [this.#pass, this.#passes] = [pass, passes];
  }

  /** Iterates over one pass. The caller disposes the batches. */
  async *[Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    // Direct iteration must not change the order of a current or later run.
    const restore = this.isolate();
    this.#random = this.#iterationRandom;
    const reader = this.open(RandomState.fromEntropy());
    restore();
    try {
      for (let batch = await reader.next(); batch !== undefined; batch = await reader.next())
        yield batch.value;
    } finally {
      await reader.close();
    }
  }

  /** Begins a pass and returns its random state. */
  #beginPass(random: RandomState): RandomState | null {
    const isRandom = this.#rowSampler !== null || this.#assembler.transform !== undefined;
    if (isRandom) this.#random ??= random.fork();
    const snapshot = isRandom ? (this.#random?.snapshot() ?? null) : null;
    this.#pass = { random: snapshot, size: this.size, batchSize: this.batchSize };
    this.#passes += 1;
    return isRandom ? this.#random : null;
  }

  /** Returns the random state at the start of the pass; the loader's own has already advanced beyond it. */
  #resumePass({ random, size, batchSize }: PassState): RandomState | null {
    if (size !== this.size || batchSize !== this.batchSize) {
      throw new FulmineError(
        "INVALID_STATE",
        "A pass can be resumed only with the data that it was begun with.",
        {
          received: { size: this.size, batchSize: this.batchSize },
          todo: `It had ${counted(size, "example")} in batches of ${batchSize}.`,
        },
      );
    }
    return random === null ? null : RandomState.fromSnapshot(random);
  }

  #rowsOf(index: number, rows: Int32Array | null): Int32Array {
    const start = index * this.batchSize;
    const end = Math.min(start + this.batchSize, this.#assembler.examples);
    return rows?.slice(start, end) ?? Int32Array.from({ length: end - start }, (_, row) => start + row);
  }

  async #makeBatch(rows: Int32Array, seed: number | undefined): Promise<B> {
    const { transform } = this.#assembler;
    const raw = this.#assembler.assemble(rows);
    const batch = raw instanceof Promise ? await raw : raw;
    // Without a transform, Raw and B are the same type.
    if (transform === undefined || seed === undefined) return batch as unknown as B;
    return applyTransform(transform, batch, new RandomState(seed));
  }
}
