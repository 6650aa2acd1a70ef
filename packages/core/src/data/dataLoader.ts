import { gather, type Tensor, tensor, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { isTensor } from "../isTensor.js";
import { disposeBatch } from "../batch.js";
import { FulmineError } from "../fulmineError.js";
import { RandomState } from "../random/randomState.js";
import type { BatchReader, BatchSource } from "./batchSource.js";

/** Numbers in a typed array. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array;

/** One field of a data set: a row per example along the first dimension. */
export type Field =
  Tensor | NumberArray | { readonly values: NumberArray; readonly shape: readonly number[] };

/** How a data set is cut into batches. */
export interface DataLoaderOptions {
  /** Examples per batch. @defaultValue 32 */
  readonly batchSize?: number;
  /** Whether each pass has a new random order. @defaultValue false */
  readonly shuffle?: boolean;
  /** Whether a last batch that is short is left out. @defaultValue false */
  readonly dropLast?: boolean;
  /** The seed of the order; left out, the Trainer's seed decides. */
  readonly seed?: number;
}

/**
 * Cuts tensors and typed arrays into batches, shuffled or in order.
 *
 * Tensors given to it stay yours; the batches it makes are freed by whoever reads them, the Trainer for one.
 *
 * @typeParam Name - The names of the fields; a batch has a tensor for each.
 * @throws {@link FulmineError} `INVALID_DATA`, `EMPTY_DATA` or `INVALID_OPTION`, naming the field or option.
 * @example
 * ```ts
 * const train = new DataLoader({ xs: { values: pixels, shape: [1000, 64] }, ys: labels }, { batchSize: 64, shuffle: true });
 * ```
 */
export class DataLoader<Name extends string = "xs" | "ys"> implements BatchSource<
  Readonly<Record<Name, Tensor>>
> {
  /** The number of examples. */
  readonly size: number;
  /** The number of batches of a pass. */
  readonly length: number;
  readonly #fields: readonly (readonly [name: Name, field: Field])[];
  readonly #batchSize: number;
  readonly #shuffle: boolean;
  #random: RandomState | null;

  constructor(fields: Readonly<Record<Name, Field>>, options: DataLoaderOptions = {}) {
    const { batchSize = 32, shuffle = false, dropLast = false, seed } = options;
    this.#fields = Object.entries(fields) as [Name, Field][];
    this.size = countExamples(this.#fields);
    checkOptions(options, batchSize, dropLast, this.size);
    this.length = dropLast ? Math.floor(this.size / batchSize) : Math.ceil(this.size / batchSize);
    this.#batchSize = batchSize;
    this.#shuffle = shuffle;
    this.#random = seed === undefined ? null : new RandomState(seed);
  }

  open(random: RandomState): BatchReader<Readonly<Record<Name, Tensor>>> {
    const order = this.#shuffle ? (this.#random ??= random.fork()).permutation(this.size) : null;
    let position = 0;
    return {
      next: () => {
        if (position >= this.length) return Promise.resolve(undefined);
        const value = this.#assemble(order, position++ * this.#batchSize);
        return Promise.resolve({ value, release: () => disposeBatch(value) });
      },
      close: () => Promise.resolve(),
    };
  }

  isolate(): () => void {
    const snapshot = this.#random?.snapshot();
    return () => {
      this.#random = snapshot === undefined ? null : RandomState.fromSnapshot(snapshot);
    };
  }

  /** Passes over the batches; each is yours to dispose. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Readonly<Record<Name, Tensor>>, void, undefined> {
    const reader = this.open(RandomState.fromEntropy());
    for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) yield batch.value;
  }

  #assemble(order: Int32Array | null, start: number): Readonly<Record<Name, Tensor>> {
    const end = Math.min(start + this.#batchSize, this.size);
    const rows =
      order === null
        ? Int32Array.from({ length: end - start }, (_, row) => start + row)
        : order.slice(start, end);
    const entries = this.#fields.map(([name, field]) => [name, pickRows(field, rows)] as const);
    return Object.fromEntries(entries) as Record<Name, Tensor>;
  }
}

function pickRows(field: Field, rows: Int32Array): Tensor {
  if (isTensor(field)) return tidy(() => gather(field, tensor1d(rows, "int32")));
  const { values, shape } = withShape(field);
  const width = shape.slice(1).reduce((product, dimension) => product * dimension, 1);
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  const picked = isFloat ? new Float32Array(rows.length * width) : new Int32Array(rows.length * width);
  for (const [at, row] of rows.entries())
    picked.set(values.subarray(row * width, (row + 1) * width), at * width);
  return tensor(picked, [rows.length, ...shape.slice(1)], isFloat ? "float32" : "int32");
}

function withShape(field: Exclude<Field, Tensor>): {
  readonly values: NumberArray;
  readonly shape: readonly number[];
} {
  return ArrayBuffer.isView(field) ? { values: field, shape: [field.length] } : field;
}

function countExamples(fields: readonly (readonly [string, Field])[]): number {
  const counts = fields.map(([name, field]) => [name, checkField(name, field)] as const);
  const [first, ...others] = counts;
  if (first === undefined) {
    throw new FulmineError("INVALID_DATA", "A DataLoader needs at least one field.", {
      todo: "Pass e.g. { xs, ys }.",
    });
  }
  const odd = others.find(([, count]) => count !== first[1]);
  if (odd !== undefined) {
    throw new FulmineError(
      "INVALID_DATA",
      `The fields \`${first[0]}\` and \`${odd[0]}\` must have equally many rows.`,
      {
        received: [first[1], odd[1]],
      },
    );
  }
  if (first[1] === 0) {
    throw new FulmineError("EMPTY_DATA", `The field \`${first[0]}\` has no rows.`, {
      todo: "Pass at least one example.",
    });
  }
  return first[1];
}

function checkField(name: string, field: unknown): number {
  if (isTensor(field)) {
    if (field.rank > 0) return field.shape[0] ?? 0;
    throw new FulmineError(
      "INVALID_DATA",
      `The field \`${name}\` must have a row per example, but is a scalar.`,
    );
  }
  if (isNumberArray(field)) return field.length;
  if (
    typeof field === "object" &&
    field !== null &&
    "values" in field &&
    "shape" in field &&
    isNumberArray(field.values)
  ) {
    const shape = field.shape as readonly number[];
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (shape.length > 0 && size === field.values.length) return shape[0] ?? 0;
    throw new FulmineError(
      "INVALID_DATA",
      `The field \`${name}\` has ${field.values.length} values, which its shape does not hold.`,
      {
        received: shape,
      },
    );
  }
  throw new FulmineError(
    "INVALID_DATA",
    `The field \`${name}\` must be a tensor, a typed array or { values, shape }.`,
    {
      received: field,
    },
  );
}

function isNumberArray(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

function checkOptions(options: DataLoaderOptions, batchSize: number, dropLast: boolean, size: number): void {
  const allowed = ["batchSize", "shuffle", "dropLast", "seed"];
  const unknown = Object.keys(options).find((key) => !allowed.includes(key));
  if (unknown !== undefined) {
    throw new FulmineError("UNKNOWN_OPTION", `DataLoader has no option \`${unknown}\`.`, {
      todo: `It takes: ${allowed.join(", ")}.`,
    });
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new FulmineError("INVALID_OPTION", "`batchSize` must be a whole number of at least 1.", {
      received: batchSize,
    });
  }
  if (options.seed !== undefined && !Number.isInteger(options.seed)) {
    throw new FulmineError("INVALID_OPTION", "`seed` of a DataLoader must be a whole number.", {
      received: options.seed,
    });
  }
  if (dropLast && batchSize > size) {
    throw new FulmineError(
      "EMPTY_DATA",
      `With \`dropLast\` and a \`batchSize\` above the ${size} examples there is no batch.`,
      {
        received: batchSize,
        todo: "Lower `batchSize` or leave `dropLast` off.",
      },
    );
  }
}
