import type { RunData, WatchedSearch } from "../watched.js";
import { LineChart, type ChartContent } from "./lineChart.js";
import { pageColour, type RunStyle } from "./runStyle.js";
import { shortNumber } from "./ticks.js";

/** A run that is shown. */
export interface ShownRun {
  readonly data: RunData;
  readonly style: RunStyle;
}

/** A grid of charts, one for each title. */
export class ChartGrid {
  readonly #charts = new Map<string, LineChart>();

  constructor(private readonly place: HTMLElement) {}

  show(contents: readonly ChartContent[]): void {
    const titles = new Set(contents.map(({ title }) => title));
    for (const [title, chart] of this.#charts) {
      if (titles.has(title)) continue;
      chart.remove();
      this.#charts.delete(title);
    }
    contents.forEach((content, at) => {
      const chart = this.#charts.get(content.title) ?? new LineChart();
      this.#charts.set(content.title, chart);
      if (this.place.children[at] !== chart.element)
        this.place.insertBefore(chart.element, this.place.children[at] ?? null);
      chart.show(content);
    });
  }
}

/** The charts of all metrics: losses first, then the others by name. */
export function metricCharts(runs: readonly ShownRun[], isLogY: boolean): ChartContent[] {
  const names = new Set(runs.flatMap(({ data }) => Object.keys(data.series)));
  const isLoss = (name: string): boolean => /loss/i.test(name);
  return [...names]
    .sort((a, b) => Number(isLoss(b)) - Number(isLoss(a)) || a.localeCompare(b, "en", { numeric: true }))
    .map((title) => ({
      ...{ title, isLogY, caption: "" },
      lines: runs.flatMap(({ data, style }) => {
        const series = Object.hasOwn(data.series, title) ? data.series[title] : undefined;
        return series === undefined ? [] : [{ name: data.id, x: series.steps, y: series.values, style }];
      }),
    }));
}

/** The charts of the searches, one for each name: the smoothed loss, and faint the measured one. */
export function searchCharts(runs: readonly ShownRun[], isLogY: boolean): ChartContent[] {
  const names = new Set(runs.flatMap(({ data }) => data.searches.map(({ name }) => name)));
  return [...names].map((title) => {
    const searches = runs.flatMap(({ data, style }) =>
      data.searches.filter(({ name }) => name === title).map((search) => ({ search, style, id: data.id })),
    );
    const marked = searches.flatMap(({ search, style }) =>
      search.mark === null ? [] : [{ ...search.mark, style }],
    );
    const [only] = marked;
    return {
      ...{ title, isLogY, isLogX: searches.every(({ search }) => search.isLog) },
      lines: searches.flatMap(({ search: { lr, loss, smoothed }, style, id }) => [
        { name: id, x: lr, y: loss, style, isFaint: true },
        { name: id, x: lr, y: smoothed, style },
      ]),
      marks: marked.map(({ lr: x, style }) => ({
        x,
        style: marked.length === 1 ? { colour: pageColour("--pick"), dash: "solid" as const } : style,
      })),
      caption: marked.length === 1 && only !== undefined ? `${shortNumber(only.lr)}, ${only.label}` : "",
      top: Math.max(...searches.map(({ search }) => topOf(search))),
    };
  });
}

/** Above the loss at the start by as much as the sweep went below it: what diverges leaves the chart. */
function topOf({ smoothed }: WatchedSearch): number {
  const values = smoothed.filter((value) => value !== null);
  const [first = Infinity] = values;
  return first + Math.max(first - Math.min(...values), Math.abs(first) / 4);
}
