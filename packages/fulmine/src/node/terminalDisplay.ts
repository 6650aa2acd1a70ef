import type { Display, ProgressLine } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { SingleBar, type GenericFormatter } from "cli-progress";
import { progressText } from "./progressText.js";

/** The output stream of a display. */
export interface TextStream {
  readonly isTTY?: boolean;
  /** The width of a terminal in characters. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** The milliseconds between two progress lines on an output that is no terminal. */
const PLAIN_INTERVAL = 5000;

/** Makes a display that draws a live bar on a terminal and prints a plain line every 5 seconds elsewhere. */
export function terminalDisplay(stream: NodeJS.WriteStream | TextStream): Display {
  const clear = stream.isTTY === true ? "\r\u001B[K" : "";
  const print = (text: string): void => {
    stream.write(`${clear}${text}\n`);
  };
  return {
    info: print,
    warn: (text) => print(`Warning: ${text}`),
    progress: (label, total) =>
      stream.isTTY === true
        ? liveLine(stream as NodeJS.WriteStream, label, total)
        : plainLine(print, label, total),
  };
}

function liveLine(stream: NodeJS.WriteStream, label: string, total: number | null): ProgressLine {
  let values: Readonly<Record<string, string>> = {};
  let isOver = false;
  const format: GenericFormatter = (_, { value: done, eta }) => {
    // cli-progress gives 0 before the first update and later sometimes a word.
    const secondsLeft = typeof eta === "number" && done > 0 && total !== null && !isOver ? eta : null;
    return progressText({ label, done, total, values, secondsLeft }, stream.columns);
  };
  const bar = new SingleBar({ stream, format, hideCursor: true, linewrap: false, fps: 12 });
  bar.start(total ?? 0, 0);
  // The bar hides the cursor and cuts long lines; a sudden end must undo both.
  const unregister = onSuddenEnd(() => bar.stop());
  return {
    update(done, fresh = {}) {
      values = fresh;
      bar.update(done);
    },
    stop({ clear = false } = {}) {
      isOver = true;
      bar.stop();
      unregister();
      if (clear) stream.write("\u001B[1A\r\u001B[K");
    },
  };
}

function plainLine(print: (text: string) => void, label: string, total: number | null): ProgressLine {
  let last = performance.now();
  let text = label;
  return {
    update(done, values = {}) {
      text = `${label}  ${done}${total === null ? "" : `/${total}`}  ${valuesText(values)}`;
      if (performance.now() - last < PLAIN_INTERVAL) return;
      last = performance.now();
      print(text);
    },
    stop({ clear = false } = {}) {
      if (!clear) print(text);
    },
  };
}

function valuesText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join("  ");
}
