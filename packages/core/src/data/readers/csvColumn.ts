import { FulmineError } from "../../errors/fulmineError.js";
import { classIndices } from "./classIndices.js";

/** One column of CSV text. */
export interface CsvColumn {
  readonly name: string;
  /** The text of each cell. */
  readonly cells: readonly string[];
  /** The line of each cell. */
  readonly lines: readonly number[];
}

/** A column converted to numbers. */
export interface TypedColumn {
  /** int32 if all numbers are integers written without a decimal point or exponent, or class indices; otherwise float32. */
  readonly values: Float32Array | Int32Array;
  /** The classes of a text column, in the order of their indices; `null` for a numeric column. */
  readonly classes: readonly string[] | null;
}

/** How to convert a column. */
export interface ColumnOptions {
  /** The value of an empty cell; if `undefined`, an empty cell is an error. */
  readonly empty: number | undefined;
  /** The classes of a text column; if `undefined`, the distinct cells, sorted. */
  readonly classes: readonly string[] | undefined;
}

const INT32 = 2 ** 31;

/**
 * Converts a column to numbers: numeric cells to their values, text cells to the indices of their classes.
 *
 * A column is text if none of its cells is a number. A text cell in a numeric column is an error.
 *
 * @throws FulmineError `INVALID_DATA`, with line and column, or `INVALID_OPTION`.
 */
export function typeColumn(column: CsvColumn, options: ColumnOptions): TypedColumn {
  const { cells } = column;
  const isText = options.classes !== undefined || !cells.some((cell) => isNumber(cell));
  if (isText && cells.some((cell) => cell.trim() !== "")) {
    const { name } = column;
    return classIndices({ name, cells, placeOf: (row) => placeOf(column, row) }, options.classes);
  }
  const numbers = cells.map((cell, row) => {
    if (isNumber(cell)) return Number(cell);
    if (cell.trim() === "" && options.empty !== undefined) return options.empty;
    throw new FulmineError("INVALID_DATA", `${placeOf(column, row)} must be a number.`, {
      received: cell,
      todo:
        cell.trim() === ""
          ? "Fill it in, or set the value of empty cells, e.g. { empty: 0 }."
          : "Correct it, leave the column out of `columns`, or set its `classes`.",
    });
  });
  const isWhole = numbers.every((number) => Number.isInteger(number) && Math.abs(number) < INT32);
  const isWritten = !cells.some((cell) => /[.eE]/.test(cell));
  return {
    values: isWhole && isWritten ? Int32Array.from(numbers) : Float32Array.from(numbers),
    classes: null,
  };
}

function placeOf({ name, lines }: CsvColumn, row: number): string {
  return `Line ${lines[row] ?? 0}, column \`${name}\` of the CSV text`;
}

function isNumber(cell: string): boolean {
  return cell.trim() !== "" && Number.isFinite(Number(cell));
}
