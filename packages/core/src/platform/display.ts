/** One live line of progress. */
export interface ProgressLine {
  /** Shows `done` of the total with some values beside it, e.g. `{ loss: "0.312" }`. */
  update(done: number, values?: Readonly<Record<string, string>>): void;
  /** Ends the line; with `clear` it is taken away. */
  stop(options?: { readonly clear?: boolean }): void;
}

/** Where the Trainer and its plug-ins speak to a person. */
export interface Display {
  /** Prints one line of text (or several, separated by newlines). */
  info(text: string): void;
  /** Prints a warning. */
  warn(text: string): void;
  /** Starts a live line that counts to `total`; `null` when the total is not known. */
  progress(label: string, total: number | null): ProgressLine;
}

/** A display that prints whole lines to the console and draws no live progress: for browsers, logs and CI. */
export function consoleDisplay(): Display {
  return {
    /* eslint-disable no-console -- this is the one place in the core that speaks */
    info: (text) => console.info(text),
    warn: (text) => console.warn(text),
    /* eslint-enable no-console */
    progress: () => ({ update: () => undefined, stop: () => undefined }),
  };
}

/** A display that shows what another does of warnings, and nothing else. */
export function warningsOnly(display: Display): Display {
  return { ...silentDisplay(), warn: (text) => display.warn(text) };
}

/** A display that says nothing. */
export function silentDisplay(): Display {
  return {
    info: () => undefined,
    warn: () => undefined,
    progress: () => ({ update: () => undefined, stop: () => undefined }),
  };
}
