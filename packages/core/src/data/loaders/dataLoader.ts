import { gather, tensor, tensor1d, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import { callable, isObject, optional } from "../../options/validators.js";
import { isTensor } from "../../tensors/isTensor.js";
import { copyRows, shapeSize, type Field } from "../field.js";
import { BatchLoader } from "./batchLoader.js";
import { checkFields } from "./checkFields.js";
import { checkLoaderOptions, type LoaderOptions } from "./loaderOptions.js";
import type { Transform } from "./transform.js";

/** A batch of tensors by field name; each has the shape `[batchSize, …]`. */
export type NamedBatch<Name extends string> = Readonly<Record<Name, Tensor>>;

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions<Raw = NamedBatch<string>, B = Raw> extends LoaderOptions {
  /** Turns each batch into another, e.g. for data augmentation. @defaultValue no transform */
  readonly transform?: Transform<Raw, B>;
}

/**
 * Cuts tensors and typed arrays into batches: in order, shuffled, or sampled.
 *
 * In a batch, floats are float32 and integers are int32. The caller keeps the tensors given as fields; whoever reads the
 * batches, such as the Trainer, disposes those.
 *
 * @typeParam Name - The names of the fields. A batch has one tensor per field.
 * @typeParam B - The type of a batch, if `transform` changes it.
 * @throws FulmineError `INVALID_DATA` or `EMPTY_DATA` if a field is wrong; `UNKNOWN_OPTION` or `INVALID_OPTION` if an
 * option is.
 * @example
 * ```ts
 * const train = new DataLoader({ xs: { values: pixels, shape: [1000, 64] }, ys: labels }, { batchSize: 64, shuffle: true });
 * ```
 */
export class DataLoader<Name extends string = "xs" | "ys", B = NamedBatch<Name>> extends BatchLoader<
  NamedBatch<Name>,
  B
> {
  readonly #fields: Readonly<Record<Name, Field>>;
  readonly #options: DataLoaderOptions<NamedBatch<Name>, B>;

  constructor(fields: Readonly<Record<Name, Field>>, options: DataLoaderOptions<NamedBatch<Name>, B> = {}) {
    requireNamed(fields);
    const entries = Object.entries(fields) as [Name, Field][];
    const size = checkFields(entries);
    const examples = checkLoaderOptions("DataLoader", options, size, { transform: optional(callable()) });
    const assemble = (rows: Int32Array): NamedBatch<Name> => {
      const gathered = entries.map(([name, field]) => [name, gatherRows(field, rows)] as const);
      return Object.fromEntries(gathered) as Record<Name, Tensor>;
    };
    super({ size, examples, assemble, transform: options.transform }, options);
    this.#fields = fields;
    this.#options = options;
  }

  override withBatchSize(batchSize: number): DataLoader<Name, B> {
    return new DataLoader(this.#fields, { ...this.#options, batchSize });
  }
}

/** Rejects a list, whose fields have no names, and a tensor, which is a field itself. */
function requireNamed(fields: unknown): void {
  if (isObject(fields) && !Array.isArray(fields) && !ArrayBuffer.isView(fields) && !isTensor(fields)) return;
  throw new FulmineError("INVALID_DATA", "A DataLoader takes its fields by name.", {
    received: fields,
    todo: "Pass e.g. { xs, ys }.",
  });
}

/** Gathers rows of a field into a tensor. Floats become float32, integers int32. */
function gatherRows(field: Field, rows: Int32Array): Tensor {
  if (isTensor(field)) return tidy(() => gather(field, tensor1d(rows, "int32")));
  const { values, shape } = ArrayBuffer.isView(field) ? { values: field, shape: [field.length] } : field;
  const width = shapeSize(shape.slice(1));
  // By name rather than `instanceof`, so that it covers Float16Array where that exists.
  const isFloat = Object.prototype.toString.call(values).startsWith("[object Float");
  const gathered = isFloat ? new Float32Array(rows.length * width) : new Int32Array(rows.length * width);
  copyRows(values, rows, width, gathered);
  return tensor(gathered, [rows.length, ...shape.slice(1)], isFloat ? "float32" : "int32");
}
