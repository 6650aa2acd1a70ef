import { FulmineError } from "../../errors/fulmineError.js";
import type { BatchSource } from "./batchSource.js";
import { checkedSource } from "./checkedSource.js";
import type { DatasetLike, TappedSource } from "./tappedSource.js";

/**
 * Data that a Trainer can read: a {@link DataLoader}, a `tf.data.Dataset`, or an iterable or async iterable of batches.
 *
 * The Trainer disposes the batches of a DataLoader or a Dataset after use. It does not dispose tensors that your own iterable
 * yields: dispose them after the `yield`, or yield the same ones again in the next pass.
 */
export type DataSource<B> = BatchSource<B> | Iterable<B> | AsyncIterable<B> | DatasetLike;

const tapped = new WeakMap<object, TappedSource>();

/**
 * Converts any data to a checked {@link BatchSource}.
 *
 * Data that can't be rewound continues where the last pass ended, even if it is passed again under another name.
 *
 * @param name - The name of the data in messages, e.g. `"train"`.
 * @throws FulmineError `INVALID_DATA` if the data can't be read.
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

/** Guesses what the user meant to pass. */
function whatToPass(given: unknown): string {
  if (given instanceof Promise)
    return "Data can't be a promise: await it first, e.g. in `prepareData` or in the `setup` of a DataModule.";
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
  // A tensor or a typed array is at most one batch, and the entries of a map are no batches.
  if (typeof data !== "object" || data === null || "dataId" in data) return false;
  if (ArrayBuffer.isView(data) || data instanceof Map) return false;
  return (
    Symbol.asyncIterator in data ||
    Symbol.iterator in data ||
    ("iterator" in data && typeof data.iterator === "function")
  );
}

/** An array is read from its start in each pass, so it has no state. */
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
