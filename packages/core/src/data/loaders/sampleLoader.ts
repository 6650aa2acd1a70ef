import { FulmineError } from "../../errors/fulmineError.js";
import { callable, isObject, optional } from "../../options/validators.js";
import { safely } from "../../options/checkOptions.js";
import { disposeBatch, tensorsOf } from "../../tensors/batch.js";
import { BatchLoader } from "./batchLoader.js";
import { checkLoaderOptions, exampleCount, type LoaderOptions } from "./loaderOptions.js";
import type { Transform } from "./transform.js";

/** A data set whose examples are created or fetched one at a time, on demand. */
export interface Samples<S> {
  /** Number of examples. */
  readonly length: number;
  /** Returns the example at an index, counted from 0. The loader disposes the tensors in it. */
  get(index: number): S | Promise<S>;
}

/** Options of {@link SampleLoader}. */
export interface SampleLoaderOptions<S, Raw, B = Raw> extends LoaderOptions {
  /** Collates examples into a batch. The loader then disposes the examples' tensors that the batch does not contain. */
  readonly collate: (samples: readonly S[]) => Raw | Promise<Raw>;
  /** Turns each batch into another, e.g. for data augmentation. @defaultValue no transform */
  readonly transform?: Transform<Raw, B>;
}

/**
 * Fetches examples one at a time and collates them into batches: for files, requests, and examples of different sizes.
 *
 * The examples of a batch are requested concurrently. With `prefetch`, so are the next batches.
 *
 * @typeParam S - The type of an example.
 * @typeParam Raw - The type of a collated batch.
 * @typeParam B - The type of a batch, if `transform` changes it.
 * @throws FulmineError `INVALID_DATA`, `EMPTY_DATA`, `UNKNOWN_OPTION` or `INVALID_OPTION`.
 * @example
 * ```ts
 * const train = new SampleLoader({ length: files.length, get: (index) => readImage(files[index]) }, {
 *   batchSize: 32, shuffle: true, prefetch: 2,
 *   collate: (samples) => ({ xs: tf.stack(samples.map((sample) => sample.image)), ys: tf.tensor1d(samples.map((sample) => sample.label)) }),
 * });
 * ```
 */
export class SampleLoader<S, Raw, B = Raw> extends BatchLoader<Raw, B> {
  readonly #samples: Samples<S> | readonly S[];
  readonly #options: SampleLoaderOptions<S, Raw, B>;

  constructor(samples: Samples<S> | readonly S[], options: SampleLoaderOptions<S, Raw, B>) {
    // The caller keeps the items of an array.
    const isArray = Array.isArray(samples);
    const size = sizeOf(samples);
    if (size === null) {
      throw new FulmineError("INVALID_DATA", "A SampleLoader takes an array or { length, get(index) }.", {
        received: samples,
        todo: `Its \`length\` must be ${exampleCount.expected}.`,
      });
    }
    if (size === 0) {
      throw new FulmineError("EMPTY_DATA", "A SampleLoader needs at least one example.", {
        received: samples,
      });
    }
    const examples = checkLoaderOptions("SampleLoader", options, size, {
      collate: callable("a function that makes a batch from examples"),
      transform: optional(callable()),
    });
    const { collate, transform } = options;
    const get = (index: number): S | Promise<S> =>
      isArray ? ((samples as readonly S[])[index] as S) : (samples as Samples<S>).get(index);
    const assemble = async (rows: Int32Array): Promise<Raw> => {
      const fetched = await fetchAll(rows, get);
      const batch = await collate(fetched);
      if (!isArray) disposeAllBut(batch, fetched);
      return batch;
    };
    super({ size, examples, assemble, transform }, options);
    this.#samples = samples;
    this.#options = options;
  }

  override withBatchSize(batchSize: number): SampleLoader<S, Raw, B> {
    return new SampleLoader(this.#samples, { ...this.#options, batchSize });
  }
}

/** Returns the number of examples; `null` if it has none, or if reading it throws. */
function sizeOf(samples: unknown): number | null {
  let size: unknown;
  const isReadable = safely(() => {
    const isUsable = Array.isArray(samples) || isObject(samples, "get");
    size = isUsable ? Reflect.get(samples, "length") : null;
    return exampleCount.test(size);
  });
  return isReadable ? Number(size) : null;
}

/** Waits for all examples even if one fails, so that the tensors of the others can be disposed. */
async function fetchAll<S>(rows: Int32Array, get: (index: number) => S | Promise<S>): Promise<S[]> {
  const requested = Array.from(rows, async (row) => get(row));
  const settled = await Promise.allSettled(requested);
  const failed = settled.find((result) => result.status === "rejected");
  const fetched = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (failed === undefined) return fetched;
  disposeBatch(fetched);
  throw failed.reason;
}

/** Disposes the tensors of the samples that the batch does not contain. */
function disposeAllBut(batch: unknown, samples: readonly unknown[]): void {
  const held = new Set(tensorsOf(batch));
  for (const tensor of tensorsOf(samples)) if (!held.has(tensor)) tensor.dispose();
}
