/// <reference types="node" />
import type { ColumnMetaData, Compressors, FileMetaData, SchemaTree } from "hyparquet";
import { listed, reasonOf } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { checkOptions } from "../../options/checkOptions.js";
import { isListOf, isObject, optional, text, type Validators } from "../../options/validators.js";
import type { ShapedValues } from "../../data/field.js";
import { fileBytes } from "../../data/readers/fileBytes.js";
import type { LabelledFields } from "../../data/readers/readCsv.js";
import { toTable, type Table } from "../../data/readers/toTable.js";
import { loadPeer } from "./loadPeer.js";
import { parquetColumn } from "./parquetColumn.js";

/** Options of {@link readParquet}. */
export interface ParquetOptions {
  /** The columns to read, in this order. @defaultValue all */
  readonly columns?: readonly string[];
  /** The classes of text columns, by column name. @defaultValue the distinct texts, sorted */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
  /** The value of a missing number. @defaultValue a missing number is an error */
  readonly empty?: number;
}

/** The codecs that hyparquet decodes by itself. */
const OWN_CODECS: readonly string[] = ["UNCOMPRESSED", "SNAPPY"] satisfies ColumnMetaData["codec"][];

/**
 * Reads a Parquet file into fields for a DataLoader, with the optional package `hyparquet`.
 *
 * With `label`, that column becomes `ys` and all others become `xs`, of shape `[rows, columns]`. Without it, each column is a
 * field of its own, of shape `[rows]`. Integers and booleans become int32, other numbers float32, and text the int32 index of its
 * class. In a column of lists all lists must have the same length, and the field has the shape `[rows, length]`; in `xs` its
 * numbers are side by side.
 *
 * Files that are not compressed, or with Snappy, need no other package; all others need `hyparquet-compressors`.
 *
 * @param bytes - The file.
 * @throws FulmineError `INVALID_DATA` or `EMPTY_DATA`, with row and column; `INVALID_OPTION` or `UNKNOWN_OPTION`; `UNAVAILABLE` if
 * a package is not installed.
 * @example
 * ```ts
 * const { fields } = await readParquet(await readFile("flowers.parquet"), { label: "species" });
 * ```
 */
export async function readParquet(
  bytes: ArrayBuffer | Uint8Array,
  options: ParquetOptions & { readonly label: string },
): Promise<Table<LabelledFields>>;
export async function readParquet(
  bytes: ArrayBuffer | Uint8Array,
  options?: ParquetOptions,
): Promise<Table<Readonly<Record<string, ShapedValues<Float32Array | Int32Array>>>>>;
export async function readParquet(
  bytes: ArrayBuffer | Uint8Array,
  options: ParquetOptions & { readonly label?: string } = {},
): Promise<Table<object>> {
  checkOptions(options, requirements, "readParquet");
  const { label, classes = {}, empty } = options;
  const file = Uint8Array.from(fileBytes(bytes, "Parquet")).buffer;
  const hyparquet = await loadPeer("hyparquet", "Parquet files need", () => import("hyparquet"));
  const { metadata, tree } = await decode(async () => {
    const read = await hyparquet.parquetMetadataAsync(file);
    return { metadata: read, tree: hyparquet.parquetSchema(read) };
  });
  const rows = Number(metadata.num_rows);
  if (rows === 0) throw new FulmineError("EMPTY_DATA", "The Parquet file has no rows.");
  const chosen = chooseColumns(tree, options);
  const compressors = await compressorsFor(metadata);
  const columns = [];
  for (const column of chosen) {
    const { name } = column.element;
    const cells = new Array<unknown>(rows);
    await decode(async () =>
      hyparquet.parquetRead({
        ...{ file, metadata, columns: [name] },
        ...(compressors === undefined ? {} : { compressors }),
        onChunk: ({ columnData, rowStart }) => {
          for (const [at, cell] of columnData.entries()) cells[rowStart + at] = cell;
        },
      }),
    );
    const own = Object.hasOwn(classes, name) ? classes[name] : undefined;
    columns.push(parquetColumn({ name, cells, type: typeOf(column) }, { empty, classes: own }));
  }
  return toTable(columns, label);
}

/** The physical type of the numbers of a column, also of one with lists; `undefined` for any other group. */
function typeOf({ element, children }: SchemaTree): string | undefined {
  const [item, ...others] = children;
  if (item === undefined) return element.type;
  return others.length === 0 ? typeOf(item) : undefined;
}

const isNames = (value: unknown): boolean => isListOf(value, (name) => typeof name === "string");

const requirements: Validators = {
  columns: optional({
    expected: "a list of distinct column names",
    test: (value) => Array.isArray(value) && isNames(value) && new Set(value).size === value.length,
  }),
  classes: optional({
    expected: "an object of lists of classes, by column name",
    test: (value) => isObject(value) && !Array.isArray(value) && Object.values(value).every(isNames),
  }),
  empty: optional({ expected: "a number", test: (value) => typeof value === "number" }),
  label: optional(text("the name of a column")),
};

/** Runs a part of hyparquet, whose errors tell nothing of the file. */
async function decode<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", `The Parquet file can't be read: ${reasonOf(cause)}.`, {
      todo: "It may be truncated, encrypted, or no Parquet file: write it again.",
      cause,
    });
  }
}

/** The columns to read, and that of the labels. */
function chooseColumns(
  { children }: SchemaTree,
  { columns, label, classes = {} }: ParquetOptions & { readonly label?: string },
): SchemaTree[] {
  const names = children.map(({ element }) => element.name);
  const wanted = columns ?? names;
  const all = label === undefined || wanted.includes(label) ? wanted : [...wanted, label];
  const find = (name: string): SchemaTree => {
    const found = children.find(({ element }) => element.name === name);
    if (found !== undefined) return found;
    throw new FulmineError("INVALID_DATA", `The Parquet file has no column \`${listed([name])}\`.`, {
      todo: `Its columns are: ${listed(names)}.`,
    });
  };
  // Classes of a missing column would be ignored silently.
  for (const name of Object.keys(classes)) find(name);
  return all.map(find);
}

/** The decompressors of a file; `undefined` if it needs none. */
async function compressorsFor({ row_groups: groups }: FileMetaData): Promise<Compressors | undefined> {
  const codecs = groups.flatMap(({ columns }) => columns.map(({ meta_data: data }) => data?.codec));
  const other = codecs.find((codec) => codec !== undefined && !OWN_CODECS.includes(codec));
  if (other === undefined) return undefined;
  const what = `A Parquet file that is compressed with ${other} needs`;
  return (await loadPeer("hyparquet-compressors", what, () => import("hyparquet-compressors"))).compressors;
}
