import type { FigureData } from "./figureData.js";
import { formatRate } from "./formatRate.js";
import { lossDomain } from "./lossDomain.js";
import { figureInWords, rateAxisInWords, suggestionInWords, titleOf } from "./words.js";

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A Vega-Lite specification, as plain JSON. */
export type VegaLiteSpec = { readonly [key: string]: Json };

/**
 * A figure as a Vega-Lite specification (version 6) with its data inside, for notebooks and pages that draw
 * with Vega.
 *
 * A loss that is not finite is left out of its rung.
 */
export function toVegaLite(data: FigureData): VegaLiteSpec {
  const { curve, suggestion } = data;
  const isLog = curve.mode === "exponential";
  const rungs = curve.lr.map((lr, i): Json => {
    const losses = { loss: curve.loss[i], smoothed: curve.smoothed[i], heldOut: curve.valLoss?.[i] };
    const finite = Object.entries(losses).flatMap(([name, loss]) =>
      loss !== undefined && Number.isFinite(loss) ? [[name, loss] as const] : [],
    );
    return { lr, ...Object.fromEntries(finite) };
  });
  const x = {
    field: "lr",
    type: "quantitative",
    title: rateAxisInWords(curve.mode),
    scale: isLog ? { type: "log", nice: false } : { zero: false, nice: false },
    axis: isLog ? { format: "~e" } : {},
  };
  const y = (field: string): Json => ({
    field,
    type: "quantitative",
    title: "training loss",
    scale: { domain: lossDomain(curve), zero: false, nice: false },
  });
  const lineOf = (field: string, mark: { readonly [key: string]: Json }): Json => ({
    transform: [{ filter: `isValid(datum.${field})` }],
    mark: { type: "line", clip: true, ...mark },
    encoding: { x, y: y(field) },
  });

  const layers: Json[] = [];
  if (suggestion?.range) {
    layers.push({
      data: { values: [{ low: suggestion.range[0], high: suggestion.range[1] }] },
      mark: { type: "rect", color: "#cf222e", opacity: 0.12, clip: true },
      encoding: { x: { ...x, field: "low" }, x2: { field: "high" } },
    });
  }
  layers.push(
    lineOf("loss", { color: "#a9c5e2", strokeWidth: 1.25 }),
    lineOf("smoothed", { color: "#0b62ad", strokeWidth: 3, tooltip: true }),
  );
  if (curve.valLoss) {
    layers.push({
      transform: [{ filter: "isValid(datum.heldOut)" }],
      mark: { type: "point", filled: true, color: "#b87503", clip: true },
      encoding: { x, y: y("heldOut") },
    });
  }
  if (suggestion?.lr != null) {
    const pick = { values: [{ lr: suggestion.lr, label: `lr ${formatRate(suggestion.lr)}` }] };
    layers.push({ data: pick, mark: { type: "rule", color: "#cf222e", strokeWidth: 1.5 }, encoding: { x } });
    layers.push({
      data: pick,
      mark: { type: "text", color: "#cf222e", fontWeight: "bold", baseline: "bottom", dy: -4 },
      encoding: { x, y: { value: 0 }, text: { field: "label" } },
    });
  }
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: {
      text: titleOf(data),
      subtitle: suggestion ? suggestionInWords(suggestion) : "",
      anchor: "start",
      offset: 16,
    },
    description: figureInWords(data),
    width: 600,
    height: 300,
    data: { values: rungs },
    layer: layers,
  };
}
