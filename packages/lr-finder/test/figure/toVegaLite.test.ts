import { describe, expect, test } from "vitest";
import { toVegaLite } from "../../src/figure/toVegaLite.js";
import { auto } from "../../src/rules/auto.js";
import { diverged, flat, typical } from "../support/sweeps.js";

describe("a Vega-Lite figure", () => {
  test("is plain JSON with its data inside", () => {
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

  test("has layers for the pick only when there is one", () => {
    const layersOf = (curve: typeof typical): number => {
      const { layer } = toVegaLite({ curve, suggestion: auto(curve) }) as { layer?: unknown[] };
      return layer?.length ?? 0;
    };
    expect(layersOf(typical)).toBe(5);
    expect(layersOf(flat)).toBe(2);
  });
});
