import { formatRate, LIGHT, overlayRole } from "@fulmine/figure/plugin";
import { readLosses, type Curve } from "../curve/curve.js";
import { lossChange } from "../curve/gradient.js";
import { suggestionInWords } from "../explain/words.js";
import {
  drawnTrials,
  figureInWords,
  hasLogAxis,
  rateAxisInWords,
  titleOf,
  type FigureData,
} from "./figureData.js";
import { frameOf, smoothedAt, type Frame } from "./frame.js";

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A Vega-Lite specification as plain JSON data. */
export type VegaLiteSpec = { readonly [key: string]: Json };

/** The width of both panels, the height of the first and of the second panel, in pixels. */
const [WIDTH, HEIGHT, SECOND_HEIGHT] = [600, 300, 160];

/**
 * Converts a figure to a Vega-Lite specification (version 6) with inline data. Losses that are not finite are left out.
 */
export function toVegaLite(data: FigureData): VegaLiteSpec {
  const { suggestion } = data;
  const frame = frameOf(data);
  const head = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: {
      text: titleOf(data),
      subtitle: suggestion ? suggestionInWords(suggestion) : "",
      anchor: "start",
      offset: 16,
    },
    description: figureInWords(data),
    data: { values: rungsOf(data.curve) },
  };
  const x = rateEncoding(data, frame);
  const first = { width: WIDTH, height: HEIGHT, layer: lossLayers(data, x, frame) };
  const changes = changeLayers(data, x, frame);
  if (changes.length === 0) return { ...head, ...first };
  return {
    ...head,
    vconcat: [first, { width: WIDTH, height: SECOND_HEIGHT, layer: changes }],
  };
}

/** The rungs of a curve, with finite values only. */
function rungsOf(curve: Curve): Json[] {
  const { loss, smoothed, valLoss, valSmoothed, band } = curve;
  const columns = {
    ...{ loss, smoothed, heldOut: valLoss, heldOutSmoothed: valSmoothed, low: band?.low, high: band?.high },
    ...{ read: readLosses(curve).smoothed, change: lossChange(curve) },
  };
  return curve.lr.map((lr, i) => {
    const finite = Object.entries(columns).flatMap(([name, values]) => {
      const value = values?.[i];
      return value !== undefined && Number.isFinite(value) ? [[name, value] as const] : [];
    });
    return { lr, ...Object.fromEntries(finite) };
  });
}

interface JsonObject {
  readonly [key: string]: Json;
}

/** The part of the loss axis that marks need. */
interface LossAxis {
  readonly scale: { readonly domain: readonly [low: number, high: number] };
}

/** The number of labels on the rate axis and on the slope axis. */
const [RATES, CHANGES] = [9, 5];

function rateEncoding(data: FigureData, frame: Frame): JsonObject {
  const isLog = hasLogAxis(data);
  const label: JsonObject =
    data.x === "exponent" ? { labelExpr: "round(log(datum.value) / LN10 * 10) / 10" } : { format: "~e" };
  const scale = { type: isLog ? "log" : "linear", domain: frame.lrDomain, nice: false };
  const values = frame.ticks(RATES).major.map(({ value }) => value);
  return {
    field: "lr",
    type: "quantitative",
    title: rateAxisInWords(data),
    // A logarithmic axis has no zero.
    scale: isLog ? scale : { ...scale, zero: false },
    axis: { values, ...(isLog ? label : {}) },
  };
}

function lineLayer(field: string, encoding: JsonObject, axis: JsonObject, mark: JsonObject): JsonObject {
  return {
    transform: [{ filter: `isValid(datum.${field})` }],
    mark: { type: "line", clip: true, ...mark },
    encoding: { ...encoding, y: { field, type: "quantitative", ...axis } },
  };
}

/** The colours of the lines of the first panel by their names in the legend. */
function coloursOf({ curve, overlay = [], label = "this sweep" }: FigureData): Record<string, string> {
  if (overlay.length > 0)
    return {
      [label]: LIGHT.smoothed,
      ...Object.fromEntries(overlay.map((other, i) => [other.label, LIGHT[overlayRole(i)]])),
    };
  return curve.valLoss === undefined
    ? { measured: LIGHT.raw, smoothed: LIGHT.smoothed }
    : { measured: LIGHT.raw, training: LIGHT.smoothed, "held out": LIGHT.heldOut };
}

function lossLayers(data: FigureData, x: JsonObject, frame: Frame): Json[] {
  const { curve, suggestion, overlay = [], label = "this sweep" } = data;
  const { title, domain } = frame.loss;
  const axis = { title, scale: { domain, zero: false, nice: false } };
  const colours = coloursOf(data);
  const scale = { domain: Object.keys(colours), range: Object.values(colours) };
  const legend = { title: null, orient: "top", offset: 24, symbolType: "stroke", symbolStrokeWidth: 3 };
  const line = (field: string, name: string, strokeWidth: number): JsonObject =>
    lineLayer(field, { x, color: { datum: name, type: "nominal", scale, legend } }, axis, {
      ...{ strokeWidth, tooltip: { content: "data" } },
    });
  const layers: Json[] = [];
  if (suggestion?.range) {
    layers.push({
      data: { values: [{ low: suggestion.range[0], high: suggestion.range[1] }] },
      mark: { type: "rect", color: LIGHT.pick, opacity: 0.12, clip: true },
      encoding: { x: { ...x, field: "low" }, x2: { field: "high" } },
    });
  }
  if (curve.band !== undefined) {
    layers.push({
      transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
      mark: { type: "area", color: LIGHT.band, clip: true },
      encoding: { x, y: { field: "low", type: "quantitative", ...axis }, y2: { field: "high" } },
    });
  }
  if (overlay.length === 0) {
    layers.push(line("loss", "measured", 1.25));
    layers.push(line("smoothed", curve.valLoss === undefined ? "smoothed" : "training", 3));
    layers.push(...stopLayers(data, x));
    if (curve.valLoss !== undefined) {
      layers.push(line("read", "held out", 3));
      layers.push({
        transform: [{ filter: "isValid(datum.heldOut)" }],
        mark: { type: "point", filled: true, size: 16, color: LIGHT.heldOut, clip: true },
        encoding: { x, y: { field: "heldOut", type: "quantitative", ...axis } },
      });
    }
  } else {
    for (const other of overlay)
      layers.push({
        data: { values: rungsOf(other.curve), name: other.label },
        ...line("read", other.label, 2.5),
      });
    layers.push(line("read", label, 3));
  }
  for (const [i, other] of overlay.entries()) {
    if (other.suggestion?.lr == null) continue;
    const { lr } = other.suggestion;
    const values = [{ search: other.label, lr, loss: smoothedAt(other.curve, frame, lr) }];
    layers.push({
      data: { values },
      mark: {
        type: "point",
        filled: true,
        size: 110,
        opacity: 1,
        color: LIGHT[overlayRole(i)],
        tooltip: { content: "data" },
      },
      encoding: { x, y: { field: "loss", type: "quantitative", ...axis } },
    });
  }
  layers.push(...trialLayers(data, x, axis), ...pickLayers(data, x));
  if (suggestion?.lr != null) {
    const text = { text: `lr ${formatRate(suggestion.lr)}`, color: LIGHT.pick, fontWeight: "bold" };
    layers.push({
      data: { values: [{ lr: suggestion.lr }] },
      mark: { type: "text", ...text, baseline: "bottom", dy: -4 },
      encoding: { x, y: { value: 0 } },
    });
  }
  return layers;
}

function changeLayers(data: FigureData, x: JsonObject, { change }: Frame): Json[] {
  if (change === null) return [];
  const { curve, overlay = [] } = data;
  const { title, domain, constant = 1 } = change;
  const axis = {
    title,
    scale: { type: "symlog", constant, domain, nice: false },
    axis: { values: change.ticks(CHANGES).map(({ value }) => value), format: "~r" },
  };
  const own = overlay.length === 0 && curve.valLoss !== undefined ? LIGHT.heldOut : LIGHT.smoothed;
  return [
    ...overlay.map((other, i) => ({
      data: { values: rungsOf(other.curve) },
      ...lineLayer("change", { x }, axis, { color: LIGHT[overlayRole(i)], strokeWidth: 2 }),
    })),
    lineLayer("change", { x }, axis, { color: own, strokeWidth: 2 }),
    ...stopLayers(data, x),
    ...pickLayers(data, x),
  ];
}

/** A ring at the score of each trial, at the upper edge if the trial stopped early. */
function trialLayers(data: FigureData, x: Json, axis: JsonObject & LossAxis): Json[] {
  const trials = drawnTrials(data);
  if (trials.length === 0) return [];
  const [, top] = axis.scale.domain;
  const values = trials.map(({ lr, score }) => ({ lr, trial: Math.min(top, score) }));
  const ring = { type: "point", shape: "circle", filled: true, fill: LIGHT.surface, stroke: LIGHT.text };
  return [
    {
      data: { values },
      mark: { ...ring, size: 80, opacity: 1, strokeWidth: 2, tooltip: { content: "data" } },
      encoding: { x, y: { field: "trial", type: "quantitative", ...axis } },
    },
  ];
}

/** A vertical line at the suggested rate. */
function pickLayers({ suggestion }: FigureData, x: Json): Json[] {
  if (suggestion?.lr == null) return [];
  return [verticalLine(suggestion.lr, x, { color: LIGHT.pick })];
}

/** A dashed vertical line at the rate at which the sweep stopped. */
function stopLayers({ curve, overlay = [] }: FigureData, x: Json): Json[] {
  const last = curve.lr.at(-1);
  if (curve.stopped === "finished" || last === undefined || overlay.length > 0) return [];
  return [verticalLine(last, x, { color: LIGHT.stop, strokeDash: [5, 4] })];
}

function verticalLine(lr: number, x: Json, mark: JsonObject): JsonObject {
  return {
    data: { values: [{ lr }] },
    mark: { type: "rule", strokeWidth: 1.5, clip: true, ...mark },
    encoding: { x },
  };
}
