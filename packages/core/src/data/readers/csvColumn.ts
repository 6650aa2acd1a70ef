import { listed } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";

/** One column of a CSV text, with the line of each cell. */
export interface CsvColumn {
  readonly name: string;
  readonly cells: readonly string[];
  readonly lines: readonly number[];
}

/** A column as numbers. */
export interface TypedColumn {
  /** int32 when all are whole and written so, or are classes; float32 otherwise. */
  readonly values: Float32Array | Int32Array;
  /** The classes that the numbers stand for, when the column holds text. */
  readonly classes: readonly string[] | null;
}

/** How a column's cells are read. */
export interface ColumnTerms {
  /** What an empty cell counts as; left out, it is an error. */
  readonly empty: number | undefined;
  /** The classes of a column of text; left out, those that are there, sorted. */
  readonly classes: readonly string[] | undefined;
}

const INT32 = 2 ** 31;

/**
 * Makes numbers of a column: as they are written, or, for text, the index of each one's class.
 *
 * A column is text when none of its cells is a number; among numbers, a cell that is none is an error rather than a
 * class of its own.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, naming line and column, or `INVALID_OPTION`.
 */
export function typeColumn(column: CsvColumn, terms: ColumnTerms): TypedColumn {
  const { cells } = column;
  const isText = terms.classes !== undefined || !cells.some((cell) => isNumber(cell));
  if (isText && cells.some((cell) => cell.trim() !== "")) return classColumn(column, terms.classes);
  const numbers = cells.map((cell, row) => {
    if (isNumber(cell)) return Number(cell);
    if (cell.trim() === "" && terms.empty !== undefined) return terms.empty;
    throw new FulmineError("INVALID_DATA", `${placeOf(column, row)} must be a number.`, {
      received: cell,
      todo:
        cell.trim() === ""
          ? "Fill it in, or say what an empty cell counts as, e.g. { empty: 0 }."
          : "Correct it, leave the column out by `columns`, or name its `classes`.",
    });
  });
  const isWhole = numbers.every((number) => Number.isInteger(number) && Math.abs(number) < INT32);
  const isWritten = !cells.some((cell) => /[.eE]/.test(cell));
  return {
    values: isWhole && isWritten ? Int32Array.from(numbers) : Float32Array.from(numbers),
    classes: null,
  };
}

function classColumn(column: CsvColumn, given: readonly string[] | undefined): TypedColumn {
  const classes = given ?? [...new Set(column.cells)].sort();
  if (new Set(classes).size < classes.length) {
    throw new FulmineError("INVALID_OPTION", `\`classes\` must name each class of \`${column.name}\` once.`, {
      received: classes,
    });
  }
  const indices = new Map(classes.map((name, index) => [name, index]));
  const values = Int32Array.from(column.cells, (cell, row) => {
    const index = indices.get(cell);
    if (index !== undefined) return index;
    throw new FulmineError("INVALID_DATA", `${placeOf(column, row)} must be one of its classes.`, {
      received: cell,
      todo: `They are: ${listed(classes)}.`,
    });
  });
  return { values, classes };
}

function placeOf({ name, lines }: CsvColumn, row: number): string {
  return `Line ${lines[row] ?? 0}, column \`${name}\` of the CSV text`;
}

function isNumber(cell: string): boolean {
  return cell.trim() !== "" && Number.isFinite(Number(cell));
}
