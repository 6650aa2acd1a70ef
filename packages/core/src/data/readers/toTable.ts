import type { ShapedValues } from "../field.js";

/** A table of columns, as fields. */
export interface Table<Fields> {
  /** The fields for a DataLoader. */
  readonly fields: Fields;
  /** The names of the columns that were read, in order, without the label column. */
  readonly columns: readonly string[];
  /** The classes of each text column. A number in the field is the index of a class. */
  readonly classes: Readonly<Record<string, readonly string[]>>;
}

/** A column of numbers. */
export interface TableColumn {
  readonly name: string;
  /** The numbers of all rows. */
  readonly values: Float32Array | Int32Array;
  /** The classes of a text column, in the order of their indices; `null` for a numeric column. */
  readonly classes: readonly string[] | null;
  /** How many numbers each row has, in a column of lists. @defaultValue 1 */
  readonly width?: number;
}

/**
 * Makes fields of columns. With a label, that column becomes `ys` and all others become `xs`, `[rows, columns]`. Without one, each
 * column is a field of its own, `[rows]`, or `[rows, width]` if it has lists.
 */
export function toTable(columns: readonly TableColumn[], label: string | undefined): Table<object> {
  const classes = Object.fromEntries(
    columns.flatMap(({ name, classes: names }) => (names === null ? [] : [[name, names]])),
  );
  const inputs = columns.filter(({ name }) => name !== label);
  const names = inputs.map(({ name }) => name);
  const target = columns.find(({ name }) => name === label);
  if (target === undefined) {
    const fields = Object.fromEntries(columns.map((column) => [column.name, shaped(column)]));
    return { fields, columns: names, classes };
  }
  return { fields: { xs: joined(inputs, rowsOf(target)), ys: shaped(target) }, columns: names, classes };
}

function rowsOf({ values, width = 1 }: TableColumn): number {
  return values.length / width;
}

function shaped(column: TableColumn): ShapedValues {
  const { values, width } = column;
  return { values, shape: width === undefined ? [values.length] : [rowsOf(column), width] };
}

/** The columns side by side. */
function joined(columns: readonly TableColumn[], rows: number): ShapedValues<Float32Array> {
  const total = columns.reduce((sum, { width = 1 }) => sum + width, 0);
  const all = new Float32Array(rows * total);
  let start = 0;
  for (const { values, width = 1 } of columns) {
    for (let row = 0; row < rows; row++)
      for (let at = 0; at < width; at++) all[row * total + start + at] = values[row * width + at] ?? NaN;
    start += width;
  }
  return { values: all, shape: [rows, total] };
}
