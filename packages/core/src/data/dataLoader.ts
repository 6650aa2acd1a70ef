import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { BatchLoader } from "./batchLoader.js";
import { checkFields } from "./checkFields.js";
import type { Field } from "./field.js";
import { checkLoaderOptions, type LoaderOptions, type Transform } from "./loaderOptions.js";
import { callable, isObject, optional } from "../options/validators.js";
import { pickRows } from "./pickRows.js";

/** A batch of tensors by name, as a {@link DataLoader} makes it. */
export type NamedBatch<Name extends string> = Readonly<Record<Name, Tensor>>;

/** How a data set is cut into batches, and what becomes of them. */
export interface DataLoaderOptions<Raw = NamedBatch<string>, B = Raw> extends LoaderOptions {
  /** Makes another batch of each, e.g. for augmentation. @defaultValue the batch as it is */
  readonly transform?: Transform<Raw, B>;
}

/**
 * Cuts tensors and typed arrays into batches: in order, shuffled, or sampled.
 *
 * Tensors given to it stay yours; the batches it makes are freed by whoever reads them, the Trainer for one.
 *
 * @typeParam Name - The names of the fields; a batch has a tensor for each.
 * @typeParam B - The batches, when `transform` makes others.
 * @throws {@link FulmineError} `INVALID_DATA`, `EMPTY_DATA`, `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the field or
 * option.
 * @example
 * ```ts
 * const train = new DataLoader({ xs: { values: pixels, shape: [1000, 64] }, ys: labels }, { batchSize: 64, shuffle: true });
 * ```
 */
export class DataLoader<Name extends string = "xs" | "ys", B = NamedBatch<Name>> extends BatchLoader<
  NamedBatch<Name>,
  B
> {
  constructor(fields: Readonly<Record<Name, Field>>, options: DataLoaderOptions<NamedBatch<Name>, B> = {}) {
    requireNamed(fields);
    const entries = Object.entries(fields) as [Name, Field][];
    const size = checkFields(entries);
    const examples = checkLoaderOptions("DataLoader", options, size, { transform: optional(callable()) });
    const assemble = (rows: Int32Array): NamedBatch<Name> => {
      const picked = entries.map(([name, field]) => [name, pickRows(field, rows)] as const);
      return Object.fromEntries(picked) as Record<Name, Tensor>;
    };
    super({ size, examples, assemble, transform: options.transform }, options);
  }
}

/** A list has fields without names, and a tensor alone is a field itself. */
function requireNamed(fields: unknown): void {
  if (isObject(fields) && !Array.isArray(fields) && !ArrayBuffer.isView(fields) && !isTensor(fields)) return;
  throw new FulmineError("INVALID_DATA", "A DataLoader takes its fields by name.", {
    received: fields,
    todo: "Pass e.g. { xs, ys }.",
  });
}
