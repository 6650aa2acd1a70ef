import { BrailleCanvas } from "./braille.js";
import type { FigureData } from "./figureData.js";
import { frameOf, type Frame } from "./frame.js";
import { endInWords, rangeInWords, rateAxisInWords, suggestionInWords, titleOf } from "./words.js";

/** How a figure is written for a terminal. */
export interface TerminalOptions {
  /** Its width in letters, 40 at least. @defaultValue 80 */
  readonly columns?: number;
  /** Its height in lines, caption included, 10 at least. @defaultValue 18 */
  readonly rows?: number;
  /** Whether to use ANSI colours; each measured loss is then drawn too, dimmed. @defaultValue false */
  readonly colour?: boolean;
}

/** ANSI colour codes. */
const BLUE = 34;
const RED = 31;
const DIM = 2;

/**
 * Writes a figure in letters, for a terminal: the smoothed loss in braille dots, the pick as an upright line
 * with a caption.
 *
 * @returns lines joined by newlines, none longer than `columns`.
 */
export function toTerminal(data: FigureData, options: TerminalOptions = {}): string {
  const columns = Math.max(40, Math.floor(options.columns ?? 80));
  const rows = Math.max(10, Math.floor(options.rows ?? 18));
  const colour = options.colour ?? false;
  const dye = (text: string, code: number): string =>
    colour && text !== " " ? `\u001b[${code}m${text}\u001b[0m` : text;

  const { curve, suggestion } = data;
  const caption = captionOf(data, columns);
  const frame = frameOf(curve);
  // Title, axis, its labels and its name stand around the panel.
  const height = rows - 4 - caption.length;
  const losses = new Map(
    frame.lossTicks(height / 3).map(({ value, label }) => [rowOf(frame, value, height), label]),
  );
  const gutter = Math.max(...[...losses.values()].map((label) => label.length)) + 1;
  const width = columns - gutter - 2;

  const smoothed = draw(frame, curve.lr, curve.smoothed, width, height);
  const raw = draw(frame, curve.lr, curve.loss, width, height);
  const pickAt = suggestion?.lr == null ? NaN : Math.round(frame.across(suggestion.lr) * (width - 1));

  const lines = Array.from({ length: height }, (_, row) => {
    const label = losses.get(row);
    const letters = Array.from({ length: width }, (_, column) => {
      const dots = smoothed.letter(column, row);
      if (dots !== " ") return dye(dots, BLUE);
      if (column === pickAt) return dye("│", RED);
      return colour ? dye(raw.letter(column, row), DIM) : " ";
    });
    return `${(label ?? "").padStart(gutter)}${label === undefined ? " │" : " ┤"}${letters.join("")}`.trimEnd();
  });

  const { axis, labels } = rateAxis(frame, width, pickAt);
  const indent = " ".repeat(gutter + 1);
  const name = rateAxisInWords(curve.mode);
  return [
    shorten(titleOf(data), columns),
    ...lines,
    `${indent}╰${axis.replace("▲", dye("▲", RED))}`,
    `${indent} ${labels}`.trimEnd(),
    `${indent} ${" ".repeat(Math.max(0, Math.floor((width - name.length) / 2)))}${name}`,
    ...caption,
  ].join("\n");
}

/** The row of the panel that a loss stands in, from the top. */
function rowOf(frame: Frame, loss: number, height: number): number {
  return Math.min(height - 1, Math.floor((1 - frame.up(loss)) * height));
}

function draw(
  frame: Frame,
  lr: readonly number[],
  losses: readonly number[],
  width: number,
  height: number,
): BrailleCanvas {
  const canvas = new BrailleCanvas(width, height);
  let before: readonly [x: number, y: number] | undefined;
  for (const [i, loss] of losses.entries()) {
    if (!Number.isFinite(loss)) continue;
    const x = frame.across(lr[i] ?? NaN) * (2 * width - 1);
    // A loss far above the panel is brought near: its line leaves the panel all the same.
    const y = (1 - Math.min(2, frame.up(loss))) * (4 * height - 1);
    const [fromX, fromY] = before ?? [x, y];
    canvas.line(fromX, fromY, x, y);
    before = [x, y];
  }
  return canvas;
}

/** The axis of rates and its labels, which keep a space between them. */
function rateAxis(frame: Frame, width: number, pickAt: number): { axis: string; labels: string } {
  const axis = Array.from({ length: width }, () => "─");
  let labels = "";
  for (const { value, label } of frame.lrTicks(Math.floor(width / 9)).major) {
    const column = Math.round(frame.across(value) * (width - 1));
    axis[column] = "┬";
    const start = Math.min(width - label.length, Math.max(0, column - Math.floor(label.length / 2)));
    if (start > labels.length || labels === "") labels = labels.padEnd(start) + label;
  }
  if (pickAt >= 0 && pickAt < width) axis[pickAt] = "▲";
  return { axis: axis.join(""), labels };
}

function captionOf({ curve, suggestion }: FigureData, columns: number): string[] {
  const said = suggestion
    ? [[suggestionInWords(suggestion), rangeInWords(suggestion)].filter((words) => words !== null).join(", ")]
    : [];
  const ended = curve.stopped === "finished" ? [] : [endInWords(curve.stopped)];
  return [...said, ...ended].map((line) => shorten(line, columns));
}

function shorten(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
