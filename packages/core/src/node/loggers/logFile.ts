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

/** The largest number of buffered chunks. */
const MAX_HELD = 20;
/** The longest time that a chunk is buffered while others are appended, in milliseconds. */
const MAX_DELAY = 1000;

/**
 * Appends to a file. Chunks are buffered and written every 20 chunks, or at once if the last write was over a second ago.
 *
 * The file is closed between writes, so nothing needs cleanup when a program ends, and no timer keeps the program alive.
 * Writes are synchronous, which takes tens of microseconds for a few chunks and keeps their order.
 */
export class AppendFile {
  #held: Uint8Array[] = [];
  #lastWrite = 0;

  /**
   * Creates the file if needed, and checks that it can be written.
   *
   * @throws FulmineError `INVALID_OPTION` when it can't be written.
   */
  constructor(readonly path: string) {
    withWriteErrors(path, () => closeSync(openSync(path, "a")));
  }

  /** Appends a chunk. */
  append(chunk: string | Uint8Array): void {
    this.#held.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    if (this.#held.length >= MAX_HELD || Math.abs(Date.now() - this.#lastWrite) >= MAX_DELAY) this.flush();
  }

  /** Writes all buffered chunks. */
  flush(): void {
    if (this.#held.length === 0) return;
    const bytes = Buffer.concat(this.#held);
    // Cleared first, because a second attempt after a partial write would repeat the beginning.
    this.#held = [];
    this.#lastWrite = Date.now();
    withWriteErrors(this.path, () => appendFileSync(this.path, bytes));
  }
}

/**
 * Replaces a file atomically.
 *
 * @throws FulmineError `INVALID_OPTION` when it can't be written; the old file stays.
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
 * Prepares a file of lines for appending: removes a last line that a killed process left incomplete, or adds its missing line
 * break.
 *
 * @param isWhole - Whether a line without a line break is complete.
 */
export function repairLastLine(path: string, isWhole: (line: string) => boolean): void {
  withWriteErrors(path, () => {
    // A pipe or a device, such as /dev/stdout, has no end.
    if (!statSync(path).isFile()) return;
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end === bytes.length) return;
    if (isWhole(bytes.toString("utf8", end))) appendFileSync(path, "\n");
    else truncateSync(path, end);
  });
}

/**
 * Runs a function that writes to a path, and converts its errors.
 *
 * @throws FulmineError `INVALID_OPTION`, with the file system's error as its cause.
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
 * Rejects metrics that have the name of a logger's own column.
 *
 * @throws FulmineError `INVALID_STEP`, naming the metric.
 */
export function rejectReservedNames(metrics: Metrics, reserved: readonly string[]): void {
  const name = reserved.find((taken) => Object.hasOwn(metrics, taken));
  if (name === undefined) return;
  throw new FulmineError("INVALID_STEP", `A metric can't be called \`${name}\`: the logger writes its own.`, {
    todo: `Log it under another name, e.g. \`my_${name}\`.`,
  });
}
