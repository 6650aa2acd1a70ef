import { listed } from "../../errors/describe.js";
import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { checkOptions } from "../../options/checkOptions.js";
import { flag, isListOf, isObject, type Validators } from "../../options/validators.js";
import type { ShapedValues } from "../field.js";
import { typeColumn } from "./csvColumn.js";
import { csvRecords } from "./csvRecords.js";
import { toTable, type Table, type TableColumn } from "./toTable.js";

/** Options of {@link readCsv}. */
export interface CsvOptions {
  /**
   * Whether the first record is a header, or the names of the columns. Without a header the names are `"0"`, `"1"`, …
   * @defaultValue true
   */
  readonly header?: boolean | readonly string[];
  /** The columns to read, in this order. @defaultValue all */
  readonly columns?: readonly string[];
  /** The character between cells. @defaultValue "," */
  readonly delimiter?: string;
  /** The classes of text columns, by column name. @defaultValue the distinct cells, sorted */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
  /** The value of an empty cell in a numeric column. @defaultValue an empty cell is an error */
  readonly empty?: number;
}

/** The result of {@link readCsv}. */
export type CsvTable<Fields> = Table<Fields>;

/** The fields of a table with a label column. */
export interface LabelledFields {
  /** All other columns, float32, of shape `[rows, columns]`. */
  readonly xs: ShapedValues<Float32Array>;
  /** The label column, of shape `[rows]`. */
  readonly ys: ShapedValues<Float32Array | Int32Array>;
}

/**
 * Parses CSV text (RFC 4180) into fields for a DataLoader.
 *
 * With `label`, that column becomes `ys` and all others become `xs`, of shape `[rows, columns]`. Without it, each column is a
 * field of its own, of shape `[rows]`. Integers become int32, other numbers float32, and text the int32 index of its class.
 *
 * @throws FulmineError `INVALID_DATA` or `EMPTY_DATA`, with line and column; `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const { fields, classes } = readCsv(text, { label: "species" });
 * const train = new DataLoader(fields, { batchSize: 16, shuffle: true });
 * ```
 */
export function readCsv(
  text: string,
  options: CsvOptions & { readonly label: string },
): CsvTable<LabelledFields>;
export function readCsv(
  text: string,
  options?: CsvOptions,
): CsvTable<Readonly<Record<string, ShapedValues<Float32Array | Int32Array>>>>;
export function readCsv(
  text: string,
  options: CsvOptions & { readonly label?: string } = {},
): CsvTable<object> {
  return toTable(readColumns(text, options), options.label);
}

const isNames = (value: unknown): boolean => isListOf(value, (name) => typeof name === "string");

const requirements: Validators = {
  header: {
    expected: "true, false or a list of column names",
    test: (value) => value === undefined || flag.test(value) || isNames(value),
  },
  columns: {
    expected: "a list of distinct column names",
    test: (value) =>
      value === undefined || (Array.isArray(value) && isNames(value) && new Set(value).size === value.length),
  },
  delimiter: {
    expected: "one character other than a quote or a line break",
    test: (value) =>
      value === undefined || (typeof value === "string" && value.length === 1 && !'"\r\n'.includes(value)),
  },
  classes: {
    expected: "an object of lists of classes, by column name",
    test: (value) =>
      value === undefined ||
      (isObject(value) && !Array.isArray(value) && Object.values(value).every(isNames)),
  },
  empty: { expected: "a number", test: (value) => value === undefined || typeof value === "number" },
  label: {
    expected: "the name of a column",
    test: (value) => value === undefined || typeof value === "string",
  },
};

function readColumns(text: string, options: CsvOptions & { readonly label?: string }): TableColumn[] {
  checkOptions(options, requirements, "readCsv");
  if (typeof (text as unknown) !== "string") {
    throw new FulmineError("INVALID_DATA", "`readCsv` takes the text of a CSV file.", {
      received: text,
      todo: "Decode bytes first, e.g. await response.text() or new TextDecoder().decode(bytes).",
    });
  }
  const { header = true, delimiter = ",", label, columns, classes = {}, empty } = options;
  const records = csvRecords(text, delimiter);
  const named = header === true ? records.shift()?.cells : header === false ? undefined : header;
  const [first] = records;
  if (first === undefined) {
    throw new FulmineError("EMPTY_DATA", "The CSV text has no row of data.", {
      received: text,
      todo: "Pass at least one row. If the first line is data, set `header: false`.",
    });
  }
  const names = named ?? first.cells.map((_, at) => String(at));
  const odd = records.find(({ cells }) => cells.length !== names.length);
  if (odd !== undefined) {
    throw new FulmineError(
      "INVALID_DATA",
      `Line ${odd.line} of the CSV text must have ${counted(names.length, "cell")}.`,
      {
        received: odd.cells.length,
      },
    );
  }
  // Classes of a missing column would be ignored silently.
  for (const name of Object.keys(classes)) indexOfColumn(names, name);
  const wanted = columns ?? names;
  const all = label === undefined || wanted.includes(label) ? wanted : [...wanted, label];
  // A column may be named `constructor`, which every object inherits.
  const classesOf = (name: string): readonly string[] | undefined =>
    Object.hasOwn(classes, name) ? classes[name] : undefined;
  const lines = records.map(({ line }) => line);
  return all.map((name) => {
    const at = indexOfColumn(names, name);
    const cells = records.map((record) => record.cells[at] ?? "");
    return { name, ...typeColumn({ name, cells, lines }, { empty, classes: classesOf(name) }) };
  });
}

function indexOfColumn(names: readonly string[], name: string): number {
  const at = names.indexOf(name);
  if (at >= 0 && names.indexOf(name, at + 1) < 0) return at;
  const problem = at < 0 ? "has no column" : "has more than one column";
  throw new FulmineError("INVALID_DATA", `The CSV text ${problem} \`${listed([name])}\`.`, {
    todo: `Its columns are: ${listed(names)}.`,
  });
}
