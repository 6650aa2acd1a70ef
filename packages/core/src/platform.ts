import { consoleDisplay, type Display } from "./display.js";

/** What a Trainer needs of where it runs. */
export interface Platform {
  /** Where it speaks to a person. */
  readonly display: Display;
  /**
   * Begins to listen for the user's wish to stop (Ctrl-C).
   *
   * @returns A function that ends the listening.
   */
  onInterrupt(stop: () => void): () => void;
}

/** A platform that runs everywhere: it prints plain lines and hears no Ctrl-C. */
export const portablePlatform: Platform = {
  display: consoleDisplay(),
  onInterrupt: () => () => undefined,
};
