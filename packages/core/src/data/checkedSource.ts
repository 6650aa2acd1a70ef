import { FulmineError } from "../fulmineError.js";
import { isTensor } from "../isTensor.js";
import type { BatchReader, BatchSource, ReadBatch } from "./batchSource.js";
import { passOn } from "./passOn.js";
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
    ...passOn(source),
    length: source.length,
    open: (random, options) => {
      const isStrict = !mayVaryInShape(given);
      return checkedReader(
        source.open(random, options),
        { name, isStrict, length: source.length },
        options?.from,
      );
    },
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
  let outline: Outline | null = null;

  return {
    next: async () => {
      let batch: ReadBatch<B> | undefined;
      try {
        batch = await reader.next();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new FulmineError("INVALID_DATA", `\`${name}\` failed at batch ${index}: ${reason}`, {
          cause: error,
        });
      }
      if (batch === undefined) {
        // An empty source is the loop's to report, for it knows the epoch.
        if (length === null || index >= length || index === 0) return undefined;
        throw new FulmineError("INVALID_DATA", `\`${name}\` ended after ${index} of ${length} batches.`, {
          todo: "Make its `length` the number of batches that a pass gives, or null.",
        });
      }
      if (outline !== null && isAlike(batch.value, outline)) {
        index += 1;
        return batch;
      }
      try {
        const tensors = namedTensors(batch.value);
        const problem = problemOf(batch.value, tensors, { ...terms, index, first: first ?? tensors });
        if (problem !== null) throw problem;
        first ??= tensors;
        outline ??= outlineOf(batch.value);
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

interface Place extends ReaderTerms {
  readonly index: number;
  readonly first: readonly NamedTensor[];
}

/** What is wrong with a batch. */
function problemOf(value: unknown, tensors: readonly NamedTensor[], place: Place): FulmineError | null {
  const { name, index, first, isStrict } = place;
  if (value === undefined || value === null)
    return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` is missing.`, { received: value });
  for (let at = 0; at < Math.max(tensors.length, first.length); at++) {
    const [now, before] = [tensors[at], first[at]];
    if (now === undefined || now.path !== before?.path) return oddFields(tensors, place);
    const isOtherwise = isStrict && !sameTrailing(now.shape, before.shape);
    if (!now.isDisposed && !isOtherwise) continue;
    const field = `${fieldOf(now.path)} of batch ${index} of \`${name}\``;
    if (now.isDisposed) {
      return new FulmineError("INVALID_DATA", `${field} is disposed.`, {
        todo: "Yield tensors that live until the next batch is asked for.",
      });
    }
    const shape = `[${before.shape.join(", ")}]`;
    return new FulmineError(
      "INVALID_DATA",
      `${field} must be shaped like the first batch's, ${shape}, but for the number of examples.`,
      {
        received: now.shape,
        todo: "Make all examples alike, or say that they differ: withVariableShapes(data).",
      },
    );
  }
  return null;
}

function oddFields(tensors: readonly NamedTensor[], { name, index, first }: Place): FulmineError {
  const missing = first.find(({ path }) => !tensors.some((tensor) => tensor.path === path));
  const added = tensors.find(({ path }) => !first.some((tensor) => tensor.path === path));
  let problem = "has its fields in another order than the first batch";
  if (missing !== undefined)
    problem = `lacks ${fieldOf(missing.path).toLowerCase()}, which the first batch has`;
  else if (added !== undefined)
    problem = `has ${fieldOf(added.path).toLowerCase()}, which the first batch has not`;
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

/** A tensor's shape, the parts of an object or array by their keys in order, or `null` for anything else. */
type Outline = { readonly shape: readonly number[] } | { readonly parts: readonly Part[] } | null;
type Part = readonly [key: string, outline: Outline];

function outlineOf(value: unknown): Outline {
  if (isTensor(value)) return { shape: value.shape };
  if (!isContainer(value)) return null;
  return { parts: Object.keys(value).map((key): Part => [key, outlineOf(value[key])]) };
}

/** Whether a batch is surely like the first; nearly always it is, and thus this is fast. */
function isAlike(value: unknown, outline: Outline): boolean {
  if (isTensor(value))
    return (
      outline !== null && "shape" in outline && !value.isDisposed && sameTrailing(value.shape, outline.shape)
    );
  if (!isContainer(value)) return outline === null;
  if (outline === null || !("parts" in outline)) return false;
  let at = 0;
  for (const key in value) {
    const part = outline.parts[at++];
    if (part?.[0] !== key || !isAlike(value[key], part[1])) return false;
  }
  return at === outline.parts.length;
}

/** The tensors of a batch with the paths to them, in plain objects and arrays. */
function namedTensors(value: unknown): NamedTensor[] {
  const found: NamedTensor[] = [];
  const visit = (item: unknown, path: string): void => {
    if (isTensor(item)) found.push({ path, shape: item.shape, isDisposed: item.isDisposed });
    else if (isContainer(item))
      for (const key of Object.keys(item)) visit(item[key], path === "" ? key : `${path}.${key}`);
  };
  visit(value, "");
  return found;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
