import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import { isObject } from "../../options/validators.js";
import { isTensor } from "../../tensors/isTensor.js";
import { disposeBatch, mapLeaves } from "../../tensors/batch.js";
import type { BatchReader, ReadBatch } from "./batchSource.js";

/** A synchronous or asynchronous iterator. */
export type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** A copy of a tensor in JavaScript memory. */
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
 * One pass over a source that can't be rewound, which records the batches read ahead.
 *
 * A peeking reader consumes nothing: the batches that it reads are recorded as copies in JavaScript memory, so they hold no
 * tensors. A consuming reader first returns the recorded batches and then continues with the live iterator.
 */
export class Recording {
  #recorded: Item[] = [];
  #consumed = 0;
  #ended = false;
  /** The latest read of the iterator. Its reader may be closed by now, but the next read must wait for it to keep the order. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly iterator: () => Promise<AnyIterator>,
    /** Whether the reader owns the batches and disposes them. */
    private readonly ownsBatches: boolean,
  ) {}

  /** Creates a reader that consumes nothing. */
  peek(): BatchReader<unknown> {
    let position = this.#consumed;
    return {
      next: async () => {
        await this.#reading;
        const item = this.#recorded[position - this.#consumed];
        if (item !== undefined) {
          position += 1;
          return restore(item);
        }
        if (this.#ended) return undefined;
        const fresh = await this.#read(true);
        if (fresh !== undefined) position += 1;
        return fresh;
      },
      close: () => Promise.resolve(),
    };
  }

  /** Creates a reader that consumes the batches it reads. */
  consume(): BatchReader<unknown> {
    return {
      next: async () => {
        await this.#reading;
        const item = this.#recorded.shift();
        if (item === undefined) return this.#ended ? undefined : this.#read(false);
        this.#consumed += 1;
        return restore(item);
      },
      close: async () => {
        this.#recorded = [];
        if (this.#ended) return;
        this.#ended = true;
        await (await this.iterator()).return?.();
      },
    };
  }

  #read(isPeek: boolean): Promise<ReadBatch<unknown> | undefined> {
    const batch = this.#pull(isPeek);
    this.#reading = batch.catch(() => undefined);
    return batch;
  }

  async #pull(isPeek: boolean): Promise<ReadBatch<unknown> | undefined> {
    try {
      const iterator = await this.iterator();
      if (!isObject(iterator, "next")) throw invalidIterator(iterator);
      const result = await iterator.next();
      if (!isObject(result)) throw invalidIterator(result);
      if (result.done === true) {
        this.#ended = true;
        return undefined;
      }
      const value = result.value;
      if (isPeek) this.#recorded.push({ batch: await toHost(value) });
      else this.#consumed += 1;
      return { value, release: () => (this.ownsBatches ? disposeBatch(value) : undefined) };
    } catch (error) {
      this.#ended = true;
      if (isPeek) this.#recorded.push({ error });
      throw error;
    }
  }
}

/** The error for an invalid iterator. */
function invalidIterator(received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", "An iterator must have a `next` that returns { value, done }.", {
    received,
    todo: "Write the data as a generator: `async function* () { … }`.",
  });
}

function restore(item: Item): ReadBatch<unknown> {
  if ("error" in item) throw item.error;
  const restored: Tensor[] = [];
  const value = mapLeaves(item.batch, (leaf) => {
    if (!(leaf instanceof HostTensor)) return leaf;
    const fresh = tensor(leaf.values.slice(), leaf.shape, leaf.dtype);
    restored.push(fresh);
    return fresh;
  });
  return { value, release: () => disposeBatch(restored) };
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
