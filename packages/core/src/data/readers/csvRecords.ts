import { FulmineError } from "../../errors/fulmineError.js";

/** One record of a CSV text. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** The line where it begins, counted from 1. */
  readonly line: number;
}

/**
 * Splits CSV text into records (RFC 4180). A cell in double quotes may contain delimiters, line breaks, and quotes written
 * twice. Lines end with `\n` or `\r\n`; empty lines are skipped.
 *
 * @throws FulmineError `INVALID_DATA`, with the line number.
 */
export function csvRecords(text: string, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  // A byte order mark is not part of the first cell.
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  let cells: string[] = [];
  let firstLine = 1;

  const endRecord = (): void => {
    if (cells.length > 1 || cells[0] !== "") records.push({ cells, line: firstLine });
    cells = [];
    firstLine = line;
  };

  const quotedCell = (): string => {
    const opened = line;
    let cell = "";
    for (at += 1; ; at += 1) {
      const end = text.indexOf('"', at);
      if (end < 0) {
        throw new FulmineError("INVALID_DATA", `Line ${opened} of the CSV text has an unclosed quote.`, {
          todo: "Close it, or double a quote inside a cell.",
        });
      }
      const part = text.slice(at, end);
      line += part.split("\n").length - 1;
      cell += part;
      at = end + 1;
      if (text[at] !== '"') break;
      cell += '"';
    }
    if (at < text.length && !text.startsWith(delimiter, at) && !"\r\n".includes(text.charAt(at))) {
      throw new FulmineError(
        "INVALID_DATA",
        `Line ${line} of the CSV text has characters after a closing quote.`,
        {
          received: text.slice(at, at + 10),
          todo: 'Double a quote inside a quoted cell: "".',
        },
      );
    }
    return cell;
  };

  const plainCell = (): string => {
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at += 1;
    const end = text[at] !== delimiter && text[at - 1] === "\r" && at > start ? at - 1 : at;
    return text.slice(start, end);
  };

  while (at < text.length) {
    cells.push(text[at] === '"' ? quotedCell() : plainCell());
    if (text[at] === "\r") at += 1;
    if (text[at] === delimiter) {
      at += 1;
      // A delimiter at the end of the text is followed by an empty cell.
      if (at === text.length) cells.push("");
    } else {
      at += 1;
      line += 1;
      endRecord();
    }
  }
  if (cells.length > 0) endRecord();
  return records;
}
