import { readLosses, type Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { hasLogAxis, type FigureData } from "./figureData.js";
import { formatRate } from "./formatRate.js";
import { frameOf, type UprightAxis } from "./frame.js";
import { lossChange } from "./lossChange.js";
import { LIGHT, overlayRole } from "./theme.js";
import { figureInWords, rateAxisInWords, suggestionInWords, titleOf } from "./words.js";

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A Vega-Lite specification, as plain JSON. */
export type VegaLiteSpec = { readonly [key: string]: Json };

/** The size of the first panel and the height of the second, in pixels. */
const [WIDTH, HEIGHT, SECOND_HEIGHT] = [600, 300, 160];

/**
 * A figure as a Vega-Lite specification (version 6) with its data inside, for notebooks and pages that draw
 * with Vega.
 *
 * A loss that is not finite is left out of its rung.
 */
export function toVegaLite(data: FigureData): VegaLiteSpec {
  const { suggestion } = data;
  const { loss, change } = frameOf(data);
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
  const x = rateEncoding(data);
  const first = { width: WIDTH, height: HEIGHT, layer: lossLayers(data, x, loss) };
  if (change === null) return { ...head, ...first };
  return {
    ...head,
    vconcat: [first, { width: WIDTH, height: SECOND_HEIGHT, layer: changeLayers(data, x, change) }],
  };
}

/** The rungs of a curve with whatever is finite of them. */
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

function rateEncoding(data: FigureData): JsonObject {
  const isLog = hasLogAxis(data);
  const labels: JsonObject =
    data.x === "exponent" ? { labelExpr: "round(log(datum.value) / LN10 * 10) / 10" } : { format: "~e" };
  return {
    field: "lr",
    type: "quantitative",
    title: rateAxisInWords(data),
    scale: isLog ? { type: "log", nice: false } : { zero: false, nice: false },
    axis: isLog ? labels : {},
  };
}

function lineLayer(field: string, x: Json, axis: JsonObject, mark: JsonObject): JsonObject {
  return {
    transform: [{ filter: `isValid(datum.${field})` }],
    mark: { type: "line", clip: true, ...mark },
    encoding: { x, y: { field, type: "quantitative", ...axis } },
  };
}

function lossLayers(data: FigureData, x: JsonObject, { title, domain }: UprightAxis): Json[] {
  const { curve, suggestion, overlay = [] } = data;
  const axis = { title, scale: { domain, zero: false, nice: false } };
  const isAlone = overlay.length === 0;
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
  if (isAlone) layers.push(lineLayer("loss", x, axis, { color: LIGHT.raw, strokeWidth: 1.25 }));
  for (const [i, other] of overlay.entries()) {
    const mark = { color: LIGHT[overlayRole(i)], strokeWidth: 2.5, tooltip: { content: "data" } };
    layers.push({
      data: { values: rungsOf(other.curve), name: other.label },
      ...lineLayer("read", x, axis, mark),
    });
    layers.push(...pickLayers(other.suggestion, x, LIGHT[overlayRole(i)], other.label));
  }
  if (isAlone || curve.valLoss === undefined)
    layers.push(lineLayer("smoothed", x, axis, { color: LIGHT.smoothed, strokeWidth: 3, tooltip: true }));
  if (curve.valLoss !== undefined) {
    layers.push(lineLayer("read", x, axis, { color: LIGHT.heldOut, strokeWidth: 3 }));
    layers.push({
      transform: [{ filter: "isValid(datum.heldOut)" }],
      mark: { type: "point", filled: true, size: 16, color: LIGHT.heldOut, clip: true },
      encoding: { x, y: { field: "heldOut", type: "quantitative", ...axis } },
    });
  }
  layers.push(...pickLayers(suggestion, x, LIGHT.pick, isAlone ? undefined : data.label));
  return layers;
}

function changeLayers(data: FigureData, x: JsonObject, { title, domain, constant = 1 }: UprightAxis): Json[] {
  const { overlay = [] } = data;
  const axis = { title, scale: { type: "symlog", constant, domain, nice: false } };
  return [
    ...overlay.map((other, i) => ({
      data: { values: rungsOf(other.curve) },
      ...lineLayer("change", x, axis, { color: LIGHT[overlayRole(i)], strokeWidth: 2 }),
    })),
    lineLayer("change", x, axis, { color: LIGHT.smoothed, strokeWidth: 2 }),
  ];
}

/** An upright line at a pick, with its value above. */
function pickLayers(suggestion: Suggestion | undefined, x: Json, color: string, name?: string): Json[] {
  if (suggestion?.lr == null) return [];
  const label = `${name === undefined ? "" : `${name}: `}lr ${formatRate(suggestion.lr)}`;
  const pick = { values: [{ lr: suggestion.lr, label }] };
  return [
    { data: pick, mark: { type: "rule", color, strokeWidth: 1.5 }, encoding: { x } },
    {
      data: pick,
      mark: { type: "text", color, fontWeight: "bold", baseline: "bottom", dy: -4 },
      encoding: { x, y: { value: 0 }, text: { field: "label" } },
    },
  ];
}
