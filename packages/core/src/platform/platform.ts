import { consoleDisplay, type Display } from "./display.js";
import { FulmineError } from "../errors/fulmineError.js";

/** What a Trainer needs of where it runs. */
export interface Platform {
  /** Where it speaks to a person. */
  readonly display: Display;
  /** Where it keeps files. */
  readonly files: Files;
  /**
   * Begins to listen for the wish to stop from outside the program: Ctrl-C, or a signal that asks it to end.
   *
   * @returns A function that ends the listening.
   */
  onInterrupt(stop: () => void): () => void;
}

/** Where a Trainer keeps files. */
export interface Files {
  /** Writes a file whole or not at all, making its folder where it is missing. */
  write(path: string, content: Uint8Array): Promise<void>;
  /**
   * Writes a file whole or not at all where nothing is yet, and says whether nothing was; left out, `exists` is asked before
   * `write`, and of two programs that write at the same time one may replace the other's file.
   */
  create?(path: string, content: Uint8Array): Promise<boolean>;
  /** Sees that a file could be written, making its folder where it is missing; left out, the first write tells. */
  prepare?(path: string): Promise<void>;
  /** Whether something is there; left out, nothing is known, and files of earlier runs are replaced. */
  exists?(path: string): Promise<boolean>;
  /** Reads a file. */
  read(path: string): Promise<Uint8Array>;
  /** Removes a file; one that is not there is no matter. */
  remove(path: string): Promise<void>;
}

/** Files where there are none: every use is an error that says how to get them. */
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

/** A platform that runs everywhere: it prints plain lines, has no files and hears no Ctrl-C or signal. */
export const portablePlatform: Platform = {
  display: consoleDisplay(),
  files: noFiles,
  onInterrupt: () => () => undefined,
};
