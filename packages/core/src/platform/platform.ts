import { FulmineError } from "../errors/fulmineError.js";
import { consoleDisplay, type Display } from "./display.js";

/** What a Trainer needs from its environment. */
export interface Platform {
  /** Shows messages and progress. */
  readonly display: Display;
  /** Reads and writes files. */
  readonly files: Files;
  /**
   * Starts listening for an interruption: Ctrl-C, or a signal that asks the process to end.
   *
   * @param stop - Called at the first interruption.
   * @returns A function that stops listening.
   */
  onInterrupt(stop: () => void): () => void;
}

/** File access for checkpoints. */
export interface Files {
  /** Writes a file atomically: completely or not at all. Creates its folder if needed. */
  write(path: string, content: Uint8Array): Promise<void>;
  /**
   * Writes a new file atomically, but never replaces one.
   *
   * Without this method, `exists` and then `write` are called; two programs that write at the same time may then replace
   * each other's file.
   *
   * @returns `false` if the file already exists.
   */
  create?(path: string, content: Uint8Array): Promise<boolean>;
  /** Checks that a file can be written, and creates its folder if needed. Without it, the first write reports problems. */
  prepare?(path: string): Promise<void>;
  /** Whether a file exists. Without it, files of earlier runs are replaced. */
  exists?(path: string): Promise<boolean>;
  /** Reads a file. */
  read(path: string): Promise<Uint8Array>;
  /** Removes a file if it exists. */
  remove(path: string): Promise<void>;
}

/** The files of a platform without a file system: every call rejects with `UNAVAILABLE`. */
export const noFiles: Files = {
  write: (path) => Promise.reject(unavailable(path)),
  prepare: (path) => Promise.reject(unavailable(path)),
  read: (path) => Promise.reject(unavailable(path)),
  remove: (path) => Promise.reject(unavailable(path)),
};

function unavailable(path: string): FulmineError {
  return new FulmineError("UNAVAILABLE", "This Trainer has no access to files.", {
    received: path,
    todo: "Use Trainer from `fulmine` in Node, or keep the checkpoint itself: trainer.checkpoint().",
  });
}

/** A platform for any environment: prints plain lines, and has neither files nor interruptions. */
export const portablePlatform: Platform = {
  display: consoleDisplay(),
  files: noFiles,
  onInterrupt: () => () => undefined,
};
