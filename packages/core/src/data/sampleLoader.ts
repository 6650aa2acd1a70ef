import { disposeBatch, tensorsOf } from "../tensors/batch.js";
import { FulmineError } from "../errors/fulmineError.js";
import { BatchLoader } from "./batchLoader.js";
import { callable, isObject, optional } from "../options/validators.js";
import { safely } from "../options/checkOptions.js";
import { checkLoaderOptions, exampleCount, type LoaderOptions, type Transform } from "./loaderOptions.js";

/** Examples that are made or fetched one by one, when they are needed. */
export interface Samples<S> {
  /** The number of examples. */
  readonly length: number;
  /** The example at an index from 0; what it holds of tensors is made for the reader. */
  get(index: number): S | Promise<S>;
}

/** How examples become batches. */
export interface SampleLoaderOptions<S, Raw, B = Raw> extends LoaderOptions {
  /** Makes a batch of examples; the tensors of the examples are freed afterwards unless the batch holds them. */
  readonly collate: (samples: readonly S[]) => Raw | Promise<Raw>;
  /** Makes another batch of each, e.g. for augmentation. @defaultValue the batch as it is */
  readonly transform?: Transform<Raw, B>;
}

/**
 * Fetches examples one by one and collates them into batches: for files, requests, and examples of unequal length.
 *
 * The examples of a batch are asked for all at once; with `prefetch` the next batches are under way meanwhile.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, `EMPTY_DATA`, `UNKNOWN_OPTION` or `INVALID_OPTION`.
 * @example
 * ```ts
 * const train = new SampleLoader({ length: files.length, get: (index) => readImage(files[index]) }, {
 *   batchSize: 32, shuffle: true, prefetch: 2,
 *   collate: (samples) => ({ xs: tf.stack(samples.map((sample) => sample.image)), ys: tf.tensor1d(samples.map((sample) => sample.label)) }),
 * });
 * ```
 */
export class SampleLoader<S, Raw, B = Raw> extends BatchLoader<Raw, B> {
  constructor(samples: Samples<S> | readonly S[], options: SampleLoaderOptions<S, Raw, B>) {
    // An array's own items stay the user's.
    const isArray = Array.isArray(samples);
    const size = sizeOf(samples);
    if (size === null) {
      throw new FulmineError("INVALID_DATA", "A SampleLoader takes an array or { length, get(index) }.", {
        received: samples,
        todo: `Its \`length\` is ${exampleCount.expected}.`,
      });
    }
    if (size === 0) {
      throw new FulmineError("EMPTY_DATA", "A SampleLoader needs at least one example.", {
        received: samples,
      });
    }
    const examples = checkLoaderOptions("SampleLoader", options, size, {
      collate: callable("a function that makes a batch of examples"),
      transform: optional(callable()),
    });
    const { collate, transform } = options;
    const get = (index: number): S | Promise<S> =>
      isArray ? ((samples as readonly S[])[index] as S) : (samples as Samples<S>).get(index);
    const assemble = async (rows: Int32Array): Promise<Raw> => {
      const fetched = await fetchAll(rows, get);
      const batch = await collate(fetched);
      if (!isArray) freeAllBut(batch, fetched);
      return batch;
    };
    super({ size, examples, assemble, transform }, options);
  }
}

/** The number of examples; `null` for what has none, or can't even be looked at. */
function sizeOf(samples: unknown): number | null {
  let size: unknown;
  const isSome = safely(() => {
    const isUsable = Array.isArray(samples) || isObject(samples, "get");
    size = isUsable ? Reflect.get(samples, "length") : null;
    return exampleCount.test(size);
  });
  return isSome ? Number(size) : null;
}

/** Waits for all examples even when one fails, so that the tensors of the others can be freed. */
async function fetchAll<S>(rows: Int32Array, get: (index: number) => S | Promise<S>): Promise<S[]> {
  const asked = Array.from(rows, async (row) => get(row));
  const settled = await Promise.allSettled(asked);
  const failed = settled.find((result) => result.status === "rejected");
  const fetched = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (failed === undefined) return fetched;
  disposeBatch(fetched);
  throw failed.reason;
}

function freeAllBut(batch: unknown, samples: readonly unknown[]): void {
  const held = new Set(tensorsOf(batch));
  for (const tensor of tensorsOf(samples)) if (!held.has(tensor)) tensor.dispose();
}
