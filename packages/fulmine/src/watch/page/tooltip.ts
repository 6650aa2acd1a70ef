import type uPlot from "uplot";
import type { ChartContent, ChartLine } from "./lineChart.js";
import { swatch } from "./runStyle.js";
import { shortNumber } from "./ticks.js";

/** The most runs in a tooltip; of more, those that are nearest to the pointer. */
const MOST = 8;

/** How far beyond the end of a line the pointer may be, in pixels. */
const REACH = 12;

interface Reading {
  readonly line: ChartLine;
  readonly value: number;
  readonly distance: number;
}

/** Shows the values of all lines next to the pointer, those nearest to it first. */
export function tooltip(content: () => ChartContent | null): uPlot.Plugin {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  return {
    hooks: {
      init: [
        (plot) => {
          plot.over.append(tip);
          plot.over.addEventListener("mouseleave", () => (tip.hidden = true));
        },
      ],
      setCursor: [
        (plot) => {
          const { left = -1, top = -1 } = plot.cursor;
          const shown = content();
          tip.hidden = left < 0 || shown === null;
          if (left < 0 || shown === null) return;
          const x = plot.posToVal(left, "x");
          const readings = readAt(plot, shown, x, top);
          tip.hidden = readings.length === 0;
          if (tip.hidden) return;
          fill(
            tip,
            readings,
            `${shown.isLogX === true ? "lr" : "step"} ${shortNumber(shown.isLogX === true ? x : Math.round(x))}`,
          );
          place(tip, plot, left, top);
        },
      ],
    },
  };
}

function readAt(plot: uPlot, { lines, isLogY }: ChartContent, x: number, top: number): Reading[] {
  return lines
    .filter(({ isFaint = false }) => !isFaint)
    .flatMap((line) => {
      const at = nearest(plot, line.x, x);
      const value = at === null ? null : (line.y[at] ?? null);
      if (value === null || (isLogY && value <= 0)) return [];
      return [{ line, value, distance: Math.abs(plot.valToPos(value, "y") - top) }];
    })
    .sort((a, b) => a.distance - b.distance);
}

/** The index of the place of a line that is next to another place; `null` more than a few pixels beyond its ends. */
function nearest(plot: uPlot, places: readonly number[], x: number): number | null {
  let [low, high] = [0, places.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const [before = NaN, after = NaN] = [places[low], places[high]];
  const found = Math.abs(x - before) <= Math.abs(after - x) ? low : high;
  if (x >= before && x <= after) return found;
  const distance = Math.abs(plot.valToPos(places[found] ?? NaN, "x") - plot.valToPos(x, "x"));
  return distance <= REACH ? found : null;
}

function fill(tip: HTMLElement, readings: readonly Reading[], head: string): void {
  const rows = readings.slice(0, MOST).map(({ line, value }) => {
    const row = document.createElement("div");
    const name = word("name", "");
    // Where a long name is cut, its end remains; the name itself still reads from left to right.
    name.append(Object.assign(document.createElement("bdi"), { textContent: line.name }));
    row.append(swatch(line.style), name, word("value", shortNumber(value)));
    return row;
  });
  const more = readings.length - rows.length;
  const rest = more > 0 ? [word("rest", `and ${more} more`)] : [];
  tip.replaceChildren(word("rest", head), ...rows, ...rest);
}

function word(className: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

/** Beside the pointer, on the side with more room. */
function place(tip: HTMLElement, { over }: uPlot, left: number, top: number): void {
  const isRight = left > over.clientWidth / 2;
  tip.style.left = isRight ? "auto" : `${left + 14}px`;
  tip.style.right = isRight ? `${over.clientWidth - left + 14}px` : "auto";
  tip.style.top = `${Math.min(top, over.clientHeight / 2)}px`;
}
