import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Curve } from "../../../src/curve/curve.js";
import { toSvg } from "../../../src/figure/svg/toSvg.js";
import { auto } from "../../../src/rules/auto.js";
import { minimum } from "../../../src/rules/peers/fastai.js";
import { curveOf, typical } from "../../support/sweeps.js";
import { figures } from "../../support/figures.js";

const named = Object.entries(figures);

/** All numbers that are positions or sizes. */
const coordinates = (svg: string): number[] =>
  [...svg.matchAll(/\b(?:x|y|cx|cy|d|width|height)="([^"]*)"/g)].flatMap(([, value = ""]) =>
    (value.match(/-?[\d.]+(?:e[+-]?\d+)?/g) ?? []).map(Number),
  );

describe("an SVG figure", () => {
  test.each(named)("of the sweep %s matches its snapshot", async (name, data) => {
    await expect(`${toSvg(data)}\n`).toMatchFileSnapshot(`__snapshots__/${name}.svg`);
  });

  test.each([
    ["diverged", 280],
    ["held-out", 280],
    ["band", 280],
    ["overlay", 320],
    ["refined", 300],
    ["change", 460],
  ])("of the sweep %s matches its snapshot at 400 pixels", async (name, height) => {
    const svg = toSvg(figures[name] ?? { curve: typical }, { width: 400, height, theme: "dark" });
    await expect(`${svg}\n`).toMatchFileSnapshot(`__snapshots__/${name}-400-dark.svg`);
  });

  test.each(named)("of the sweep %s contains its text at any width", (_, data) => {
    for (const width of [320, 400, 720, 1200]) {
      const svg = toSvg(data, { width });
      for (const [, x = "", rest = "", text = ""] of svg.matchAll(/<text x="([\d.]+)"([^>]*)>([^<]*)</g)) {
        // A low estimate of the width: a label that exceeds it is certainly cut off.
        if (rest.includes("rotate")) continue;
        const half = text.length * 13 * 0.5 * (rest.includes("middle") ? 0.5 : 0);
        expect(Number(x) - half, text).toBeGreaterThanOrEqual(-half * 0.1);
        expect(Number(x) + half, text).toBeLessThanOrEqual(width + half * 0.1);
      }
    }
  });

  test("marks trials at their scores, at the upper edge if they stopped early", () => {
    const rings = (name: string): [x: number, y: number][] => {
      const svg = toSvg(figures[name] ?? { curve: typical });
      const circles = svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="\S+" stroke-width="2"/g);
      return [...circles].map(([, x, y]) => [Number(x), Number(y)]);
    };
    const [legend, low, best, givenUp] = rings("refined");
    expect(legend?.[1]).toBeLessThan(givenUp?.[1] ?? NaN);
    expect(givenUp?.[1]).toBeLessThan(low?.[1] ?? NaN);
    expect(low?.[1]).toBeLessThan(best?.[1] ?? NaN);
    expect((best?.[0] ?? NaN) - (low?.[0] ?? NaN)).toBeCloseTo(
      (givenUp?.[0] ?? NaN) - (best?.[0] ?? NaN),
      -1,
    );
    for (const name of ["typical", "overlay"]) expect(rings(name)).toEqual([]);
  });

  test("has a title and a description", () => {
    const svg = toSvg({ curve: typical, suggestion: auto(typical) });
    expect(svg).toContain('role="img"');
    expect(svg).toMatch(
      /<title id="(.+)-title">Learning-rate sweep<\/title>\n<desc id="\1-desc">.*100 rates from 1e-7 to 1\./,
    );
    expect(svg).toMatch(/aria-labelledby="(.+)-title \1-desc"/);
  });

  test("escapes the title", () => {
    const svg = toSvg({ curve: typical, title: `a < b & "c"</svg><script>` });
    expect(svg).toContain("a &lt; b &amp; &quot;c&quot;&lt;/svg&gt;&lt;script&gt;");
    expect(svg).not.toContain("<script>");
  });

  test("follows the colour scheme of the system only with the automatic theme", () => {
    expect(toSvg({ curve: typical }, { theme: "auto" })).toContain("prefers-color-scheme:dark");
    expect(toSvg({ curve: typical }, { theme: "dark" })).not.toContain("<style>");
  });

  test("points to a suggested rate outside the sweep", () => {
    const curve = curveOf([3, 2, 1, 2, 3]);
    expect(toSvg({ curve, suggestion: minimum(curve) })).toContain("← lr");
  });

  test("cuts off an explosion", () => {
    const exploded = curveOf(
      [...Array.from({ length: 30 }, (_, k) => 2 - k / 20), 50, 4000, 1e9],
      "diverged",
    );
    const labels = [...toSvg({ curve: exploded }).matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) =>
      Number(text),
    );
    expect(Math.max(...labels)).toBeLessThan(4);
  });

  test("shows a loss that rises from 0", () => {
    const svg = toSvg({ curve: curveOf([0, 0, 0, 0.5, 2]) });
    expect(svg).not.toContain("NaN");
    const labels = [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => Number(text));
    expect([Math.min(...labels), Math.max(...labels)]).toEqual([0, 2]);
  });

  test("has different labels for losses that differ in their last digits", () => {
    const curve = curveOf(Array.from({ length: 30 }, (_, k) => 20000 - k / 1000));
    const labels = [...toSvg({ curve }).matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text);
    expect(labels.length).toBeGreaterThan(2);
    expect(new Set(labels).size).toBe(labels.length);
  });

  test("has only finite numbers for any curve", () => {
    const loss = fc.float({ noDefaultInfinity: true, noNaN: true });
    const losses = fc.tuple(fc.array(loss, { maxLength: 60 }), fc.constantFrom(undefined, NaN, Infinity));
    fc.assert(
      fc.property(
        losses,
        fc.constantFrom("exponential" as const, "linear" as const),
        ([values, last], mode) => {
          const all = last === undefined ? values : [...values, last];
          const curve: Curve = { ...curveOf(all, last === undefined ? "finished" : "not-finite"), mode };
          const svg = toSvg({ curve, suggestion: auto(curve) });
          expect(svg).not.toMatch(/NaN[^<]*"/);
          expect(coordinates(svg).every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });
});
