import { consoleDisplay, type Display } from "./display.js";
import { noFiles, type Files } from "./files.js";

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

/** A platform that runs everywhere: it prints plain lines, has no files and hears no Ctrl-C or signal. */
export const portablePlatform: Platform = {
  display: consoleDisplay(),
  files: noFiles,
  onInterrupt: () => () => undefined,
};
