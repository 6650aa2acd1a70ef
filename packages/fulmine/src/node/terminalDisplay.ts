import type { Display, ProgressLine } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { SingleBar, type GenericFormatter } from "cli-progress";
import { progressText } from "./progressText.js";

/** Where the display writes to; a terminal when it says so. */
export interface TextStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How often a line of progress is written where it can't be drawn over, in milliseconds. */
const PLAIN_INTERVAL = 5000;

/** A display with a live bar in a terminal, and now and then a plain line where the output is no terminal. */
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
    // Before the first update it is 0, and later sometimes a word.
    const secondsLeft = typeof eta === "number" && done > 0 && total !== null && !isOver ? eta : null;
    return progressText({ label, done, total, values, secondsLeft }, stream.columns);
  };
  const bar = new SingleBar({ stream, format, hideCursor: true, linewrap: false, fps: 12 });
  bar.start(total ?? 0, 0);
  // While it is drawn the cursor is hidden and long lines are cut.
  const forget = onSuddenEnd(() => bar.stop());
  return {
    update(done, fresh = {}) {
      values = fresh;
      bar.update(done);
    },
    stop({ clear = false } = {}) {
      isOver = true;
      bar.stop();
      forget();
      if (clear) stream.write("\u001B[1A\r\u001B[K");
    },
  };
}

function plainLine(print: (text: string) => void, label: string, total: number | null): ProgressLine {
  let last = performance.now();
  let text = label;
  return {
    update(done, values = {}) {
      text = `${label}  ${done}${total === null ? "" : `/${total}`}  ${join(values)}`;
      if (performance.now() - last < PLAIN_INTERVAL) return;
      last = performance.now();
      print(text);
    },
    stop({ clear = false } = {}) {
      if (!clear) print(text);
    },
  };
}

function join(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join("  ");
}
