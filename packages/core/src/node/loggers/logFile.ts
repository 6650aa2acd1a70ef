/// <reference types="node" />
import {
  appendFileSync,
  closeSync,
  openSync,
  fsyncSync,
  renameSync,
  rmSync,
  writeFileSync,
  readFileSync,
  statSync,
  truncateSync,
} from "node:fs";
import { temporaryName } from "../files/temporaryFile.js";
import { reasonOf } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { Metrics } from "../../loggers/logger.js";

/** How many chunks are held back at most. */
const MAX_HELD = 20;
/** For how many milliseconds a chunk is held back at most, while others keep coming. */
const MAX_DELAY = 1000;

/**
 * A file that only grows: what is appended is written every few chunks, or at once when the last write is a second ago.
 *
 * Between writes the file is closed, so nothing has to be cleaned up however a program ends, and no timer keeps it
 * from ending. Writing is synchronous: a few chunks take tens of microseconds, and their order is never in question.
 */
export class AppendFile {
  #held: Uint8Array[] = [];
  #lastWrite = 0;

  /**
   * Opens the file once to see that it can be written; a new one is made.
   *
   * @throws {@link FulmineError} `INVALID_OPTION` when it can't.
   */
  constructor(readonly path: string) {
    withWriteErrors(path, () => closeSync(openSync(path, "a")));
  }

  /** Adds to the end of the file. */
  append(chunk: string | Uint8Array): void {
    this.#held.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    if (this.#held.length >= MAX_HELD || Math.abs(Date.now() - this.#lastWrite) >= MAX_DELAY) this.flush();
  }

  /** Writes out what is held back. */
  flush(): void {
    if (this.#held.length === 0) return;
    const bytes = Buffer.concat(this.#held);
    // Let go of first: after a write that failed halfway, a second one would repeat its beginning.
    this.#held = [];
    this.#lastWrite = Date.now();
    withWriteErrors(this.path, () => appendFileSync(this.path, bytes));
  }
}

/**
 * Writes a file so that, whenever the process ends, either the old text or the new one is there.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` when it can't be written; the old one stays.
 */
export function replaceFile(path: string, text: string): void {
  withWriteErrors(path, () => {
    const temporary = temporaryName(path);
    const file = openSync(temporary, "wx");
    try {
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Readies a file of lines to be added to: a last line that a killed process left unfinished is taken away, one that
 * only lacks its line break gets it.
 *
 * @param isWhole - Whether a line without its break is all there.
 */
export function repairLastLine(path: string, isWhole: (line: string) => boolean): void {
  withWriteErrors(path, () => {
    // A pipe or a device, such as /dev/stdout, has no end to read to.
    if (!statSync(path).isFile()) return;
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end === bytes.length) return;
    if (isWhole(bytes.toString("utf8", end))) appendFileSync(path, "\n");
    else truncateSync(path, end);
  });
}

/**
 * Does something that writes to a path, and tells what to do when it can't be written.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`, with the file system's error as its cause.
 */
export function withWriteErrors<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof FulmineError) throw error;
    const reason = reasonOf(error);
    throw new FulmineError("INVALID_OPTION", `A logger can't write there: ${reason}.`, {
      received: path,
      todo: "Give it a path that this program may write to, on a disk that is not full.",
      cause: error,
    });
  }
}

/**
 * Sees to it that no metric takes the place of a logger's own column.
 *
 * @throws {@link FulmineError} `INVALID_STEP` naming the metric.
 */
export function rejectReservedNames(metrics: Metrics, reserved: readonly string[]): void {
  const name = reserved.find((taken) => Object.hasOwn(metrics, taken));
  if (name === undefined) return;
  throw new FulmineError("INVALID_STEP", `A metric can't be called \`${name}\`: the logger writes its own.`, {
    todo: `Log it under another name, e.g. \`my_${name}\`.`,
  });
}
