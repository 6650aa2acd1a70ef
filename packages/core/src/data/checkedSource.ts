import { FulmineError } from "../fulmineError.js";
import { isTensor } from "../isTensor.js";
import type { BatchReader, BatchSource, ReadBatch } from "./batchSource.js";
import { mayVaryInShape } from "./withVariableShapes.js";

/**
 * A source whose failures name it, the batch and the field: one that throws, ends before its length, or gives something
 * else than its first batch was.
 *
 * @param name - What the data is called in messages, e.g. `"train"`.
 * @param given - The data as the user gave it, when the source was made of it.
 */
export function checkedSource<B>(
  source: BatchSource<B>,
  name: string,
  given: object = source,
): BatchSource<B> {
  return {
    length: source.length,
    open: (random, options) => {
      const isStrict = !mayVaryInShape(given);
      return checkedReader(
        source.open(random, options),
        { name, isStrict, length: source.length },
        options?.from,
      );
    },
    isolate: (seed) => source.isolate(seed),
    ...(source.stateDict === undefined ? {} : { stateDict: source.stateDict.bind(source) }),
    ...(source.loadStateDict === undefined ? {} : { loadStateDict: source.loadStateDict.bind(source) }),
  };
}

/** What a reader is held to. */
export interface ReaderTerms {
  /** What the data is called in messages. */
  readonly name: string;
  /** The number of batches that it must give, `null` when it is not known. */
  readonly length: number | null;
  /** Whether all batches must be shaped like the first, but for the number of examples. */
  readonly isStrict: boolean;
}

/**
 * A reader whose failures name the data, the batch and the field.
 *
 * @param from - The index of the first batch that it gives.
 * @throws {@link FulmineError} `INVALID_DATA`, from `next`.
 */
export function checkedReader<B>(reader: BatchReader<B>, terms: ReaderTerms, from = 0): BatchReader<B> {
  const { name, length } = terms;
  let index = from;
  let first: readonly NamedTensor[] | null = null;

  const read = async (): Promise<ReadBatch<B> | undefined> => {
    try {
      return await reader.next();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FulmineError("INVALID_DATA", `\`${name}\` failed at batch ${index}: ${reason}`, {
        cause: error,
      });
    }
  };

  return {
    next: async () => {
      const batch = await read();
      if (batch === undefined) {
        // An empty source is the loop's to report, for it knows the epoch.
        if (length === null || index >= length || index === 0) return undefined;
        throw new FulmineError("INVALID_DATA", `\`${name}\` ended after ${index} of ${length} batches.`, {
          todo: "Make its `length` the number of batches that a pass gives, or null.",
        });
      }
      try {
        const tensors = namedTensors(batch.value);
        if (!isLike(tensors, first, terms.isStrict))
          checkBatch(batch.value, tensors, { ...terms, index, first: first ?? tensors });
        first ??= tensors.map(({ path, shape, isDisposed }) => ({ path, shape, isDisposed }));
      } catch (error) {
        batch.release();
        throw error;
      }
      index += 1;
      return batch;
    },
    close: () => reader.close(),
  };
}

interface NamedTensor {
  readonly path: string;
  readonly shape: readonly number[];
  readonly isDisposed: boolean;
}

/** Whether there is nothing to say of a batch; nearly always so, and thus kept fast. */
function isLike(
  tensors: readonly NamedTensor[],
  first: readonly NamedTensor[] | null,
  isStrict: boolean,
): boolean {
  // A batch without tensors is cheap to look at closely.
  if (tensors.length === 0 || tensors.length !== first?.length) return false;
  for (let at = 0; at < tensors.length; at++) {
    const [now, before] = [tensors[at], first[at]];
    if (now === undefined || before === undefined || now.path !== before.path || now.isDisposed) return false;
    if (isStrict && !sameTrailing(now.shape, before.shape)) return false;
  }
  return true;
}

interface Place extends ReaderTerms {
  readonly index: number;
  readonly first: readonly NamedTensor[];
}

function checkBatch(value: unknown, tensors: readonly NamedTensor[], place: Place): void {
  const { name, index, first, isStrict } = place;
  if (value === undefined || value === null) {
    throw new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` is missing.`, { received: value });
  }
  for (let at = 0; at < Math.max(tensors.length, first.length); at++) {
    const [now, before] = [tensors[at], first[at]];
    if (now?.path !== before?.path) throw oddFields(tensors, place);
    if (now === undefined || before === undefined) continue;
    if (now.isDisposed) {
      throw new FulmineError(
        "INVALID_DATA",
        `${fieldOf(now.path)} of batch ${index} of \`${name}\` is disposed.`,
        {
          todo: "Yield tensors that live until the next batch is asked for.",
        },
      );
    }
    if (!isStrict || sameTrailing(now.shape, before.shape)) continue;
    throw new FulmineError(
      "INVALID_DATA",
      `${fieldOf(now.path)} of batch ${index} of \`${name}\` must be shaped like the first batch's, ` +
        `[${before.shape.join(", ")}], but for the number of examples.`,
      {
        received: now.shape,
        todo: "Make all examples alike, or say that they differ: withVariableShapes(data).",
      },
    );
  }
}

function oddFields(tensors: readonly NamedTensor[], { name, index, first }: Place): FulmineError {
  const missing = first.find(({ path }) => !tensors.some((tensor) => tensor.path === path));
  const added = tensors.find(({ path }) => !first.some((tensor) => tensor.path === path));
  const problem =
    missing === undefined
      ? `has ${fieldOf(added?.path ?? "").toLowerCase()}, which the first batch has not`
      : `lacks ${fieldOf(missing.path).toLowerCase()}, which the first batch has`;
  return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` ${problem}.`);
}

function fieldOf(path: string): string {
  return path === "" ? "The tensor" : `\`${path}\``;
}

function sameTrailing(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 1; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** The tensors of a batch with the paths to them, in plain objects and arrays. */
function namedTensors(value: unknown): NamedTensor[] {
  const found: NamedTensor[] = [];
  const visit = (item: unknown, path: string): void => {
    if (isTensor(item)) found.push({ path, shape: item.shape, isDisposed: item.isDisposed });
    else if (typeof item === "object" && item !== null && !ArrayBuffer.isView(item))
      for (const key of Object.keys(item))
        visit((item as Readonly<Record<string, unknown>>)[key], path === "" ? key : `${path}.${key}`);
  };
  visit(value, "");
  return found;
}
