/// <reference types="node" />
import { appendFileSync, closeSync, openSync } from "node:fs";
import { writing } from "./writing.js";

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
    writing(path, () => closeSync(openSync(path, "a")));
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
    writing(this.path, () => appendFileSync(this.path, bytes));
  }
}
