/** A live progress line. */
export interface ProgressLine {
  /** Shows that `done` items of the total are done, with values beside it, e.g. `{ loss: "0.312" }`. */
  update(done: number, values?: Readonly<Record<string, string>>): void;
  /** Ends the line; `clear` removes it. */
  stop(options?: { readonly clear?: boolean }): void;
}

/** Shows messages and progress of the Trainer and its plug-ins. */
export interface Display {
  /** Prints a message of one or more lines. */
  info(text: string): void;
  /** Prints a warning. */
  warn(text: string): void;
  /** Starts a live progress line that counts to `total`; `null` if the total is unknown. */
  progress(label: string, total: number | null): ProgressLine;
}

/** A display that prints lines to the console and shows no live progress, for browsers, logs and CI. */
export function consoleDisplay(): Display {
  return {
    ...silentDisplay(),
    /* eslint-disable no-console -- the only place in core that prints */
    info: (text) => console.info(text),
    warn: (text) => console.warn(text),
    /* eslint-enable no-console */
  };
}

/** A display that shows only the warnings of another display. */
export function warningsOnly(display: Display): Display {
  return { ...silentDisplay(), warn: (text) => display.warn(text) };
}

/** A display that shows nothing. */
export function silentDisplay(): Display {
  return {
    info: () => undefined,
    warn: () => undefined,
    progress: () => ({ update: () => undefined, stop: () => undefined }),
  };
}
