import { listed } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";

/** The cells of a text column, and how to name one in a message. */
export interface TextColumn {
  readonly name: string;
  readonly cells: readonly string[];
  /** Names the cell of a row, e.g. "Line 3, column `species` of the CSV text". */
  readonly placeOf: (row: number) => string;
}

/**
 * Converts texts to the indices of their classes.
 *
 * @param given - The classes; if `undefined`, the distinct cells, sorted.
 * @throws FulmineError `INVALID_DATA` if a cell is of no class, `INVALID_OPTION` if a class is listed twice.
 */
export function classIndices(
  { name, cells, placeOf }: TextColumn,
  given: readonly string[] | undefined,
): { readonly values: Int32Array; readonly classes: readonly string[] } {
  const classes = given ?? [...new Set(cells)].sort();
  if (new Set(classes).size < classes.length) {
    throw new FulmineError("INVALID_OPTION", `\`classes\` must list each class of \`${name}\` once.`, {
      received: classes,
    });
  }
  const indices = new Map(classes.map((text, index) => [text, index]));
  const values = Int32Array.from(cells, (cell, row) => {
    const index = indices.get(cell);
    if (index !== undefined) return index;
    throw new FulmineError("INVALID_DATA", `${placeOf(row)} must be one of its classes.`, {
      received: cell,
      todo: `They are: ${listed(classes)}.`,
    });
  });
  return { values, classes };
}
