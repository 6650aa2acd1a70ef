import { listed } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { classIndices } from "../../data/readers/classIndices.js";
import type { ColumnOptions } from "../../data/readers/csvColumn.js";
import type { TableColumn } from "../../data/readers/toTable.js";

/** One column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  /** The decoded cells; `null` or `undefined` for a missing one. */
  readonly cells: readonly unknown[];
  /** The physical type of the cells, or of the items of lists; `undefined` for other groups. */
  readonly type: string | undefined;
}

const INT32 = 2 ** 31;

/**
 * Converts a column to numbers: texts to the indices of their classes, booleans to 0 and 1, and lists to rows of numbers.
 *
 * @throws FulmineError `INVALID_DATA`, with row and column, or `INVALID_OPTION`.
 */
export function parquetColumn(column: ParquetColumn, options: ColumnOptions): TableColumn {
  const { name, cells, type } = column;
  const first = cells.find((cell) => cell !== null && cell !== undefined);
  const placeOf = (row: number): string => `Row ${row}, column \`${listed([name])}\` of the Parquet file`;
  if (typeof first === "string" || options.classes !== undefined) {
    const texts = cells.map((cell, row) => {
      if (typeof cell === "string") return cell;
      throw new FulmineError("INVALID_DATA", `${placeOf(row)} must be a text.`, {
        received: cell,
        todo: "Fill it in, or leave the column out of `columns`.",
      });
    });
    return { name, ...classIndices({ name, cells: texts, placeOf }, options.classes) };
  }
  const numberAt = (cell: unknown, row: number): number => toNumber(cell, placeOf(row), options.empty);
  const width = isList(first) ? first.length : undefined;
  const numbers =
    width === undefined
      ? cells.map(numberAt)
      : cells.flatMap((cell, row) => listAt(cell, width, placeOf(row)).map((item) => numberAt(item, row)));
  const areIntegers = type === "INT32" || type === "INT64" || type === "BOOLEAN";
  const areWhole = areIntegers && numbers.every((number) => Number.isInteger(number));
  return {
    name,
    values: areWhole ? toInt32(numbers, placeOf) : Float32Array.from(numbers),
    classes: null,
    ...(width === undefined ? {} : { width }),
  };
}

type List = readonly unknown[] | Float32Array | Float64Array | Int32Array;

function isList(cell: unknown): cell is List {
  return (
    Array.isArray(cell) ||
    cell instanceof Float32Array ||
    cell instanceof Float64Array ||
    cell instanceof Int32Array
  );
}

function listAt(cell: unknown, width: number, place: string): unknown[] {
  if (isList(cell) && cell.length === width && width > 0) return Array.from<unknown>(cell);
  throw new FulmineError(
    "INVALID_DATA",
    `${place} must be a list of ${width === 0 ? "at least one number" : `${width} numbers, as in the first`}.`,
    { received: cell, todo: "Pad the lists, or leave the column out of `columns`." },
  );
}

function toNumber(cell: unknown, place: string, empty: number | undefined): number {
  if (typeof cell === "number" || typeof cell === "bigint" || typeof cell === "boolean") return Number(cell);
  const isMissing = cell === null || cell === undefined;
  if (isMissing && empty !== undefined) return empty;
  throw new FulmineError("INVALID_DATA", `${place} must be a number.`, {
    received: cell,
    todo: isMissing
      ? "Fill it in, or set the value of missing numbers, e.g. { empty: 0 }."
      : "Leave the column out of `columns`, or write it as numbers.",
  });
}

/** A larger integer would overflow to another number. */
function toInt32(numbers: readonly number[], placeOf: (row: number) => string): Int32Array {
  const at = numbers.findIndex((number) => Math.abs(number) >= INT32);
  if (at < 0) return Int32Array.from(numbers);
  throw new FulmineError("INVALID_DATA", `${placeOf(at)} must be an integer that int32 can hold.`, {
    received: numbers[at],
    todo: "Write the column as floating-point numbers, or leave it out of `columns`.",
  });
}
