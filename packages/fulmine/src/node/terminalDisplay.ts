import type { Display, ProgressLine } from "@fulmine/core";
import { Presets, SingleBar } from "cli-progress";

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
  const format =
    total === null
      ? "{label}  {value}  {values}"
      : "{label}  {bar}  {value}/{total}  {values}  {eta_formatted} left";
  const bar = new SingleBar(
    { stream, format, barsize: 24, hideCursor: true, linewrap: false, fps: 12 },
    Presets.shades_classic,
  );
  bar.start(total ?? 0, 0, { label, values: "" });
  return {
    update: (done, values = {}) => bar.update(done, { values: join(values) }),
    stop({ clear = false } = {}) {
      bar.stop();
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
