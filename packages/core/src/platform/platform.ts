import { consoleDisplay, type Display } from "./display.js";
import { noFiles, type Files } from "./files.js";

/** What a Trainer needs of where it runs. */
export interface Platform {
  /** Where it speaks to a person. */
  readonly display: Display;
  /** Where it keeps files. */
  readonly files: Files;
  /**
   * Begins to listen for the user's wish to stop (Ctrl-C).
   *
   * @returns A function that ends the listening.
   */
  onInterrupt(stop: () => void): () => void;
}

/** A platform that runs everywhere: it prints plain lines, has no files and hears no Ctrl-C. */
export const portablePlatform: Platform = {
  display: consoleDisplay(),
  files: noFiles,
  onInterrupt: () => () => undefined,
};
