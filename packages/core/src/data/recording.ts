import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isObject } from "../options/validators.js";
import { isTensor } from "../tensors/isTensor.js";
import { disposeBatch, mapLeaves } from "../tensors/batch.js";
import type { BatchReader, ReadBatch } from "./batchSource.js";

/** An iterator of either kind. */
export type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** A tensor's contents outside the backend. */
class HostTensor {
  constructor(
    readonly values: Float32Array | Int32Array | Uint8Array | string[],
    readonly shape: number[],
    readonly dtype: Tensor["dtype"],
  ) {}

  static async of(source: Tensor): Promise<HostTensor> {
    const values = await source.data();
    return new HostTensor(values.slice(), source.shape, source.dtype);
  }
}

type Item = { readonly batch: unknown } | { readonly error: unknown };

/**
 * A pass over a source that can't be rewound, with a memory of what was read ahead.
 *
 * Who peeks reads on without using anything up: batches are kept as host copies, so that they hold no tensors. Who
 * consumes gets the very same batches first and then goes on with the live iterator.
 */
export class Recording {
  #remembered: Item[] = [];
  #consumed = 0;
  #ended = false;
  /** The latest read of the iterator. A reader may have left before it ended; batches must keep their order all the same. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly iterator: () => Promise<AnyIterator>,
    /** Whether the batches are made for the reader, who then frees them. */
    private readonly ownsBatches: boolean,
  ) {}

  /** A reader that leaves everything to be read again. */
  peek(): BatchReader<unknown> {
    let position = this.#consumed;
    return {
      next: async () => {
        await this.#reading;
        const item = this.#remembered[position - this.#consumed];
        if (item !== undefined) {
          position += 1;
          return revive(item);
        }
        if (this.#ended) return undefined;
        const fresh = await this.#read(true);
        if (fresh !== undefined) position += 1;
        return fresh;
      },
      close: () => Promise.resolve(),
    };
  }

  /** A reader that uses up what it reads. */
  consume(): BatchReader<unknown> {
    return {
      next: async () => {
        await this.#reading;
        const item = this.#remembered.shift();
        if (item === undefined) return this.#ended ? undefined : this.#read(false);
        this.#consumed += 1;
        return revive(item);
      },
      close: async () => {
        this.#remembered = [];
        if (this.#ended) return;
        this.#ended = true;
        await (await this.iterator()).return?.();
      },
    };
  }

  #read(remember: boolean): Promise<ReadBatch<unknown> | undefined> {
    const batch = this.#pull(remember);
    this.#reading = batch.catch(() => undefined);
    return batch;
  }

  async #pull(remember: boolean): Promise<ReadBatch<unknown> | undefined> {
    try {
      const iterator = await this.iterator();
      if (!isObject(iterator, "next")) throw noResult(iterator);
      const result = await iterator.next();
      if (!isObject(result)) throw noResult(result);
      if (result.done === true) {
        this.#ended = true;
        return undefined;
      }
      const value = result.value;
      if (remember) this.#remembered.push({ batch: await toHost(value) });
      else this.#consumed += 1;
      return { value, release: () => (this.ownsBatches ? disposeBatch(value) : undefined) };
    } catch (error) {
      this.#ended = true;
      if (remember) this.#remembered.push({ error });
      throw error;
    }
  }
}

/** What stands for an iterator and is none. */
function noResult(received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", "An iterator must have a `next` that gives { value, done }.", {
    received,
    todo: "Write the data as a generator, `async function* () { … }`, which does.",
  });
}

function revive(item: Item): ReadBatch<unknown> {
  if ("error" in item) throw item.error;
  const made: Tensor[] = [];
  const value = mapLeaves(item.batch, (leaf) => {
    if (!(leaf instanceof HostTensor)) return leaf;
    const fresh = tensor(leaf.values.slice(), leaf.shape, leaf.dtype);
    made.push(fresh);
    return fresh;
  });
  return { value, release: () => disposeBatch(made) };
}

async function toHost(value: unknown): Promise<unknown> {
  const pending: Promise<void>[] = [];
  const copies = new Map<Tensor, HostTensor>();
  mapLeaves(value, (leaf) => {
    if (isTensor(leaf)) pending.push(HostTensor.of(leaf).then((copy) => void copies.set(leaf, copy)));
    return leaf;
  });
  await Promise.all(pending);
  return mapLeaves(value, (leaf) => (isTensor(leaf) ? copies.get(leaf) : leaf));
}
