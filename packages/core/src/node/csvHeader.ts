/** The first record of a CSV file. */
export interface CsvHeader {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** Where the next record begins. */
  readonly end: number;
}

/** A field, quoted (with quotes inside doubled) or bare, and what follows it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/y;

/**
 * Reads the first record of a CSV file, RFC 4180, where a quoted name may hold commas and line breaks.
 *
 * @returns The header, or null when the text does not begin with a whole one.
 */
export function readCsvHeader(text: string): CsvHeader | null {
  const names: string[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(text); match !== null; match = FIELD.exec(text)) {
    const [, quoted, bare, separator] = match;
    names.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (separator !== ",") return { names, end: match.index + match[0].length };
  }
  return null;
}
