import { disposeBatch } from "../tensors/batch.js";
import { FulmineError } from "../errors/fulmineError.js";
import { RandomState } from "../random/randomState.js";
import { applyTransform } from "./applyTransform.js";
import type { BatchReader, BatchSource, LoaderState, OpenOptions, PassState } from "./batchSource.js";
import { chooseRows, type RowChoice } from "./chooseRows.js";
import type { LoaderOptions, Transform } from "./loaderOptions.js";
import { prefetched } from "./prefetched.js";

/** How many seeds a batch's chance is drawn from. */
const SEEDS = 2 ** 32;

/** Where a loader's batches come from. */
export interface Assembly<Raw, B> {
  /** The number of examples in the data. */
  readonly size: number;
  /** The number of examples of a pass. */
  readonly examples: number;
  /** Makes a batch of some rows. */
  assemble(rows: Int32Array): Raw | Promise<Raw>;
  /** Makes the batch that is given of the one that was assembled. */
  readonly transform: Transform<Raw, B> | undefined;
}

/**
 * What all loaders share: which rows a batch has, where the next pass begins, and how to get back there.
 *
 * All chance of a pass is drawn when it is opened, so that any batch can be made alone: ahead of time, or after a resume
 * without those before it.
 */
export abstract class BatchLoader<Raw, B> implements BatchSource<B> {
  /** The number of examples in the data. */
  readonly size: number;
  /** Number of batches per pass. */
  readonly length: number;
  /** Number of examples per batch; the last batch of a pass may have fewer. */
  readonly batchSize: number;
  readonly #assembly: Assembly<Raw, B>;
  readonly #prefetch: number;
  readonly #chooseRows: RowChoice | null;
  readonly #seed: number | undefined;
  #random: RandomState | null;
  /** The chance of those who iterate over a loader with a seed, who must not move that of a run. */
  readonly #looks: RandomState | null;
  #pass: PassState | null = null;
  #passes = 0;

  protected constructor(assembly: Assembly<Raw, B>, options: LoaderOptions) {
    const { batchSize = 32, dropLast = false, prefetch = 0, seed } = options;
    const { size, examples } = assembly;
    this.size = size;
    this.length = dropLast ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize);
    this.#assembly = assembly;
    this.batchSize = batchSize;
    this.#prefetch = prefetch;
    this.#chooseRows = chooseRows(options, size, examples);
    this.#seed = seed;
    this.#random = seed === undefined ? null : new RandomState(seed);
    this.#looks = seed === undefined ? null : new RandomState(seed);
  }

  /** A loader of the same data with another batch size; its other options are the same. */
  abstract withBatchSize(batchSize: number): BatchLoader<Raw, B>;

  open(random: RandomState, { from }: OpenOptions = {}): BatchReader<B> {
    const chance = from === undefined || this.#pass === null ? this.#begin(random) : this.#again(this.#pass);
    const rows = chance === null ? null : (this.#chooseRows?.(chance) ?? null);
    const seeds =
      chance === null || this.#assembly.transform === undefined
        ? null
        : Array.from({ length: this.length }, () => chance.int(SEEDS));
    let position = from ?? 0;
    const reader: BatchReader<B> = {
      next: async () => {
        if (position >= this.length) return undefined;
        const index = position++;
        const value = await this.#make(this.#rowsOf(index, rows), seeds?.[index]);
        return { value, release: () => disposeBatch(value) };
      },
      close: () => Promise.resolve(),
    };
    return this.#prefetch === 0 ? reader : prefetched(reader, this.#prefetch);
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

  /** Where the loader stands: the pass that is under way or was the last, and the chance of the next. */
  stateDict(): LoaderState {
    return { passes: this.#passes, pass: this.#pass, next: this.#random?.snapshot() ?? null };
  }

  /** Goes back to where a loader of equal options stood; `open` with `from` then goes on with its pass. */
  loadStateDict({ passes, pass, next }: LoaderState): void {
    this.#random = next === null ? null : RandomState.fromSnapshot(next);
    [this.#pass, this.#passes] = [pass, passes];
  }

  /** Passes over the batches; each is yours to dispose. */
  async *[Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    // A look at the data must not decide the order of a run, be it under way or a later one.
    const putBack = this.isolate();
    this.#random = this.#looks;
    const reader = this.open(RandomState.fromEntropy());
    putBack();
    try {
      for (let batch = await reader.next(); batch !== undefined; batch = await reader.next())
        yield batch.value;
    } finally {
      await reader.close();
    }
  }

  /** Begins a new pass and gives its chance. */
  #begin(random: RandomState): RandomState | null {
    const isRandom = this.#chooseRows !== null || this.#assembly.transform !== undefined;
    if (isRandom) this.#random ??= random.fork();
    const snapshot = isRandom ? (this.#random?.snapshot() ?? null) : null;
    this.#pass = { random: snapshot, size: this.size, batchSize: this.batchSize };
    this.#passes += 1;
    return isRandom ? this.#random : null;
  }

  /** The chance of a pass that was begun before, drawn anew; the loader's own has moved past it already. */
  #again({ random, size, batchSize }: PassState): RandomState | null {
    if (size !== this.size || batchSize !== this.batchSize) {
      throw new FulmineError(
        "INVALID_STATE",
        "A pass can be resumed only with the data that it was begun with.",
        {
          received: { size: this.size, batchSize: this.batchSize },
          todo: `It had ${size} examples in batches of ${batchSize}.`,
        },
      );
    }
    return random === null ? null : RandomState.fromSnapshot(random);
  }

  #rowsOf(index: number, rows: Int32Array | null): Int32Array {
    const start = index * this.batchSize;
    const end = Math.min(start + this.batchSize, this.#assembly.examples);
    return rows?.slice(start, end) ?? Int32Array.from({ length: end - start }, (_, row) => start + row);
  }

  async #make(rows: Int32Array, seed: number | undefined): Promise<B> {
    const { transform } = this.#assembly;
    const raw = this.#assembly.assemble(rows);
    const batch = raw instanceof Promise ? await raw : raw;
    // Without a transform, what is assembled is what is given.
    if (transform === undefined || seed === undefined) return batch as unknown as B;
    return applyTransform(transform, batch, new RandomState(seed));
  }
}
