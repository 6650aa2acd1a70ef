import { describe, expect, test } from "vitest";
import { figureInWords } from "../../src/figure/figureData.js";
import { frameOf } from "../../src/figure/frame.js";
import { toVegaLite } from "../../src/figure/toVegaLite.js";
import { auto } from "../../src/rules/auto.js";
import { diverged, flat, typical } from "../support/sweeps.js";
import { figures } from "../support/figures.js";

describe("a Vega-Lite figure", () => {
  test("is plain JSON with inline data", () => {
    const spec = toVegaLite({ curve: typical, suggestion: auto(typical) });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec).toMatchObject({ data: { values: expect.any(Array) as unknown } });
    expect(JSON.stringify(spec)).not.toContain('"url"');
  });

  test("leaves out losses that are not finite", () => {
    const loss = diverged.loss.with(-1, NaN);
    const spec = toVegaLite({ curve: { ...diverged, loss } });
    const { values } = spec["data"] as { values: object[] };
    expect(values).toHaveLength(diverged.lr.length);
    expect(values.at(-1)).not.toHaveProperty("loss");
  });

  test("has layers for the suggestion only if there is one", () => {
    const layersOf = (curve: typeof typical): number => {
      const { layer } = toVegaLite({ curve, suggestion: auto(curve) }) as { layer?: unknown[] };
      return layer?.length ?? 0;
    };
    // The range, the two lines, the vertical line and its label.
    expect(layersOf(typical)).toBe(5);
    expect(layersOf(flat)).toBe(2);
  });

  test.each(Object.entries(figures))("of the sweep %s is plain JSON", (_, data) => {
    const spec = toVegaLite(data);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec["description"]).toBe(figureInWords(data));
  });

  const jsonOf = (name: string): string => JSON.stringify(toVegaLite(figures[name] ?? { curve: typical }));

  test("has held-out losses, bands, overlays and exponents if the figure has them", () => {
    expect(jsonOf("held-out")).toContain('"field":"heldOut"');
    expect(jsonOf("band")).toMatch(/"field":"low".*"y2":\{"field":"high"\}/);
    expect(jsonOf("band")).toContain('"labelExpr":"round(log(datum.value) / LN10 * 10) / 10"');
    const top = frameOf(figures["refined"] ?? { curve: typical }).loss.domain[1];
    expect(jsonOf("refined")).toContain(
      `"values":[{"lr":0.02,"trial":0.45},{"lr":0.063,"trial":0.31},{"lr":0.2,"trial":${top}}]`,
    );
    expect(jsonOf("overlay")).toMatch(/"name":"batches of 256".*"name":"batches of 16"/);
    for (const part of ["heldOut", "trial", "y2", "labelExpr", "vconcat"])
      expect(jsonOf("typical")).not.toContain(part);
  });

  test("has a second panel with a symmetric logarithmic axis for the slope", () => {
    expect(toVegaLite(figures["change"] ?? { curve: typical })).toMatchObject({
      vconcat: [
        { layer: expect.any(Array) as unknown },
        {
          layer: [
            { encoding: { y: { field: "change", scale: { type: "symlog", constant: 0.1 } } } },
            // The end of the sweep, and the suggested rate.
            { mark: { type: "rule", strokeDash: [5, 4] } },
            { mark: { type: "rule" } },
          ],
        },
      ],
    });
  });

  test("names its lines in a legend", () => {
    const named = (name: string): string[] =>
      [...jsonOf(name).matchAll(/"color":\{"datum":"([^"]*)"/g)].map(([, line = ""]) => line);
    expect(named("typical")).toEqual(["measured", "smoothed"]);
    expect(named("held-out")).toEqual(["measured", "training", "held out"]);
    expect(named("overlay")).toEqual(["batches of 256", "batches of 16", "batches of 64"]);
  });

  test("marks the suggestions of overlays with dots instead of labels", () => {
    expect(jsonOf("overlay").match(/"type":"text"/g)).toHaveLength(1);
    expect(jsonOf("overlay")).toMatch(/\{"search":"batches of 16","lr":[\d.e-]+,"loss":[\d.]+\}/);
  });
});
