import uPlot from "uplot";
import type { JsonNumber } from "../watched.js";
import { pageColour, type RunStyle } from "./runStyle.js";
import { logTicks, shortNumber } from "./ticks.js";
import { tooltip } from "./tooltip.js";

/** A line of a chart. */
export interface ChartLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly JsonNumber[];
  readonly style: RunStyle;
  /** Whether it is drawn thinner, and left out of the tooltip. */
  readonly isFaint?: boolean;
}

/** A vertical mark. */
export interface ChartMark {
  readonly x: number;
  readonly style: RunStyle;
}

/** What a chart shows. */
export interface ChartContent {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly marks?: readonly ChartMark[];
  readonly isLogX?: boolean;
  readonly isLogY: boolean;
  /** Said beside the title. */
  readonly caption: string;
  /** The highest place of a linear vertical axis, for lines that leave what is worth seeing. @defaultValue the highest value */
  readonly top?: number;
}

const HEIGHT = 240;
/** uPlot declares its numbers for scales as a const enum, whose members can't be named here. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- as said above
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

/** A chart of lines that are zoomed by dragging; a double click shows everything again. */
export class LineChart {
  readonly element = document.createElement("figure");
  readonly #title = document.createElement("span");
  readonly #caption = document.createElement("span");
  readonly #notes = document.createElement("span");
  readonly #place = document.createElement("div");
  readonly #observer = new ResizeObserver(() => this.#fit());
  #plot: uPlot | null = null;
  /** What needs a new plot when it changes. */
  #shape = "";
  #content: ChartContent | null = null;
  #isZoomed = false;

  constructor() {
    this.element.className = "chart";
    this.#caption.className = "more";
    this.#notes.className = "note";
    this.#place.className = "plot";
    const caption = document.createElement("figcaption");
    caption.append(this.#title, this.#caption, this.#notes);
    this.element.append(caption, this.#place);
    this.#observer.observe(this.#place);
  }

  /** Shows new values; a zoomed part stays in view. */
  show(content: ChartContent): void {
    this.#content = content;
    const { title, caption, lines, isLogX = false, isLogY } = content;
    this.#title.textContent = title;
    this.#caption.textContent = caption;
    this.#notes.textContent = unseen(content).join(", ");
    const styles = lines.map(({ name, style, isFaint = false }) => [name, style, isFaint]);
    const shape = JSON.stringify([styles, isLogX, isLogY, pageColour("--text")]);
    const data = joined(content);
    if (this.#plot !== null && shape === this.#shape) {
      const { min, max } = this.#plot.scales["x"] ?? {};
      this.#plot.setData(data, !this.#isZoomed);
      // Without its limits the plot would keep the old ones of the vertical axis too.
      if (this.#isZoomed && min !== undefined && max !== undefined) this.#plot.setScale("x", { min, max });
      return;
    }
    this.#plot?.destroy();
    this.#isZoomed = false;
    this.#shape = shape;
    this.#plot = new uPlot(this.#options(content), data, this.#place);
  }

  remove(): void {
    this.#observer.disconnect();
    this.#plot?.destroy();
    this.element.remove();
  }

  #fit(): void {
    const width = this.#place.clientWidth;
    if (width > 0 && this.#plot !== null && this.#plot.width !== width)
      this.#plot.setSize({ width, height: HEIGHT });
  }

  #options({ lines, isLogX = false, isLogY }: ChartContent): uPlot.Options {
    const axis = {
      stroke: () => pageColour("--muted"),
      grid: { stroke: () => pageColour("--grid"), width: 1 },
      ticks: { stroke: () => pageColour("--grid"), width: 1 },
      font: "12px system-ui, sans-serif",
      values: (_: uPlot, ticks: number[]) => ticks.map(shortNumber),
    };
    const logAxis = {
      splits: (_plot: uPlot, _axis: number, low: number, high: number) => logTicks(low, high),
      filter: (_: uPlot, ticks: number[]) => ticks,
    };
    return {
      width: Math.max(this.#place.clientWidth, 200),
      height: HEIGHT,
      legend: { show: false },
      cursor: { points: { show: false }, drag: { x: true, y: false } },
      scales: {
        x: {
          time: false,
          ...(isLogX ? { distr: LOGARITHMIC } : {}),
          ...(isLogX ? { range: logRange(1) } : {}),
        },
        y: isLogY
          ? { distr: LOGARITHMIC, range: logRange(1.1) }
          : { range: (_, low, high) => this.#linearRange(low, high) },
      },
      axes: [
        { ...axis, size: 30, space: 60, ...(isLogX ? logAxis : { incrs: wholeSteps(lines) }) },
        { ...axis, size: 64, ...(isLogY ? logAxis : {}) },
      ],
      series: [
        {},
        ...lines.map(({ name, style, isFaint = false }): uPlot.Series => ({
          label: name,
          stroke: style.colour,
          width: isFaint ? 1 : 1.75,
          alpha: isFaint ? 0.4 : 1,
          ...(style.dash === "solid" ? {} : { dash: style.dash === "dashed" ? [6, 4] : [2, 3] }),
        })),
      ],
      hooks: {
        draw: [(plot) => this.#drawMarks(plot)],
        setSelect: [({ select }) => (this.#isZoomed ||= select.width > 0)],
        ready: [
          (plot) =>
            plot.over.addEventListener("dblclick", () => {
              this.#isZoomed = false;
            }),
        ],
      },
      plugins: [tooltip(() => this.#content)],
    };
  }

  #linearRange(low: number | null, high: number | null): uPlot.Range.MinMax {
    if (low === null || high === null) return [0, 1];
    return uPlot.rangeNum(low, Math.max(low, Math.min(high, this.#content?.top ?? high)), 0.1, true);
  }

  #drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    for (const { x, style } of this.#content?.marks ?? []) {
      const at = plot.valToPos(x, "x", true);
      if (at < bbox.left || at > bbox.left + bbox.width) continue;
      ctx.save();
      ctx.strokeStyle = style.colour;
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
      ctx.restore();
    }
  }
}

/** The lines with one list of all their places. */
function joined({ lines, isLogY }: ChartContent): uPlot.AlignedData {
  if (lines.length === 0) return [[], []];
  const tables = lines.map(({ x, y }): uPlot.AlignedData => [
    [...x],
    isLogY ? y.map((value) => (value !== null && value > 0 ? value : null)) : [...y],
  ]);
  return uPlot.join(tables);
}

/** What the lines hold and the chart can't draw. */
function unseen({ lines, isLogY }: ChartContent): string[] {
  const values = lines.filter(({ isFaint = false }) => !isFaint).flatMap(({ y }) => y);
  const missing = values.filter((value) => value === null).length;
  const low = isLogY ? values.filter((value) => value !== null && value <= 0).length : 0;
  const say = (count: number, what: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? "value is" : "values are"} ${what}`];
  return [...say(missing, "not finite"), ...say(low, "0 or less, not on a log scale")];
}

/** The limits of a logarithmic axis. */
function logRange(margin: number) {
  return (_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => {
    if (low === null || high === null || low <= 0) return [0.1, 1];
    return low === high ? [low / 2, high * 2] : [low / margin, high * margin];
  };
}

/** The distances between ticks; only whole ones if all places are whole, such as steps. */
function wholeSteps(lines: readonly ChartLine[]): number[] {
  const isWhole = lines.every(({ x }) => x.every(Number.isInteger));
  const powers = Array.from({ length: 16 }, (_, at) => 10 ** (isWhole ? at : at - 8));
  return powers.flatMap((power) => [1, 2, 5].map((factor) => factor * power));
}
