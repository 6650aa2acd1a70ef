import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import type { BatchReader, BatchSource } from "./batchSource.js";
import { DataLoader } from "./dataLoader.js";
import { TappedSource, type DatasetLike } from "./tappedSource.js";

/**
 * Data that a Trainer can read: a {@link DataLoader}, a `tf.data.Dataset`, or any iterable or async iterable of batches.
 *
 * Batches of a DataLoader or Dataset are freed after use. Tensors that your own iterable yields stay yours: dispose them
 * after the `yield`, or yield the same ones again in the next pass.
 */
export type DataSource<B> = BatchSource<B> | Iterable<B> | AsyncIterable<B> | DatasetLike;

const tapped = new WeakMap<object, TappedSource>();

/**
 * Makes any data readable by the same few methods; the same data gives the same source each time.
 *
 * @param name - What the data is called in messages, e.g. `"train"`.
 * @throws {@link FulmineError} `INVALID_DATA` when it can't be read.
 */
export function toBatchSource<B>(data: DataSource<B>, name: string): BatchSource<B> {
  const given: unknown = data;
  if (given instanceof DataLoader) return given as BatchSource<unknown> as BatchSource<B>;
  if (Array.isArray(given)) return arraySource(given as B[]);
  if (isReadable(given)) {
    const source = tapped.get(given) ?? new TappedSource(given);
    tapped.set(given, source);
    return source as BatchSource<unknown> as BatchSource<B>;
  }
  throw new FulmineError(
    "INVALID_DATA",
    `\`${name}\` must be a DataLoader, a tf.data.Dataset or an iterable of batches.`,
    {
      received: given,
      todo: "Wrap tensors or typed arrays in a DataLoader, e.g. new DataLoader({ xs, ys }, { batchSize: 32 }).",
    },
  );
}

function isReadable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> | DatasetLike {
  if (typeof data !== "object" || data === null || "dataId" in data) return false;
  return (
    Symbol.asyncIterator in data ||
    Symbol.iterator in data ||
    ("iterator" in data && typeof data.iterator === "function")
  );
}

/** An array is read from its start each time, so there is nothing to remember. */
function arraySource<B>(batches: readonly B[]): BatchSource<B> {
  return {
    length: batches.length,
    open(): BatchReader<B> {
      let position = 0;
      return {
        next: () => {
          const value = batches[position++];
          return Promise.resolve(value === undefined ? undefined : { value, release: () => undefined });
        },
        close: () => Promise.resolve(),
      };
    },
    isolate: () => () => undefined,
  };
}

/** A batch of tensors by name, as a DataLoader makes it. */
export type NamedBatch<Name extends string> = Readonly<Record<Name, Tensor>>;
