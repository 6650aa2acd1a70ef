import { FulmineError } from "../errors/fulmineError.js";
import type { BatchSource } from "./batchSource.js";
import { checkedSource } from "./checkedSource.js";
import type { DatasetLike, TappedSource } from "./tappedSource.js";

/**
 * Data that a Trainer can read: a {@link DataLoader}, a `tf.data.Dataset`, or any iterable or async iterable of batches.
 *
 * Batches of a DataLoader or Dataset are freed after use. Tensors that your own iterable yields stay yours: dispose them
 * after the `yield`, or yield the same ones again in the next pass.
 */
export type DataSource<B> = BatchSource<B> | Iterable<B> | AsyncIterable<B> | DatasetLike;

const tapped = new WeakMap<object, TappedSource>();

/**
 * Makes any data readable by the same few methods, with failures that say where they happened.
 *
 * The same data goes on from where it stood, under whatever name it comes again.
 *
 * @param name - What the data is called in messages, e.g. `"train"`.
 * @throws {@link FulmineError} `INVALID_DATA` when it can't be read.
 */
export async function toBatchSource<B>(data: DataSource<B>, name: string): Promise<BatchSource<B>> {
  const given: unknown = data;
  if (isBatchSource(given)) return checkedSource(given as BatchSource<B>, name);
  if (Array.isArray(given)) return checkedSource(arraySource(given as B[]), name, given);
  if (isReadable(given)) {
    const { TappedSource } = await import("./tappedSource.js");
    const source = tapped.get(given) ?? new TappedSource(given);
    tapped.set(given, source);
    return checkedSource(source as BatchSource<unknown> as BatchSource<B>, name, given);
  }
  throw new FulmineError(
    "INVALID_DATA",
    `\`${name}\` must be a DataLoader, a tf.data.Dataset or an iterable of batches.`,
    {
      received: given,
      todo: whatToPass(given),
    },
  );
}

/** What is likely meant by something that is no data. */
function whatToPass(given: unknown): string {
  if (given instanceof Promise)
    return "A promise is no data: await it before, e.g. in `prepareData` or in a DataModule's `setup`.";
  const isFitData = typeof given === "object" && given !== null && ("val" in given || "train" in given);
  return isFitData
    ? "Pass the part itself, e.g. validate(model, val) or fit(model, { train, val })."
    : "Wrap tensors or typed arrays in a DataLoader, e.g. new DataLoader({ xs, ys }, { batchSize: 32 }).";
}

function isBatchSource(data: unknown): data is BatchSource<unknown> {
  return (
    typeof data === "object" &&
    data !== null &&
    "open" in data &&
    typeof data.open === "function" &&
    "isolate" in data &&
    typeof data.isolate === "function"
  );
}

function isReadable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> | DatasetLike {
  // A tensor and a typed array are one batch at most, and a map's entries are none.
  if (typeof data !== "object" || data === null || "dataId" in data) return false;
  if (ArrayBuffer.isView(data) || data instanceof Map) return false;
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
    open(_, { from = 0 } = {}) {
      let position = from;
      return {
        next: () => {
          if (position >= batches.length) return Promise.resolve(undefined);
          return Promise.resolve({ value: batches[position++] as B, release: () => undefined });
        },
        close: () => Promise.resolve(),
      };
    },
    isolate: () => () => undefined,
  };
}
