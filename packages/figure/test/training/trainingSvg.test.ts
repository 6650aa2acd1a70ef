import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trainingFigure } from "@fulmine/figure";
import { makeHistory, runs } from "../support/runs.js";

const named = Object.entries(runs);

/** All numbers that are positions or sizes. */
const coordinates = (svg: string): number[] =>
  [...svg.matchAll(/\b(?:x|y|cx|cy|d|width|height)="([^"]*)"/g)].flatMap(([, value = ""]) =>
    (value.match(/-?[\d.]+(?:e[+-]?\d+)?/g) ?? []).map(Number),
  );

/** The texts of a figure with their boxes, by a low estimate of a character's width. */
function boxesOf(svg: string): { text: string; left: number; right: number; y: number }[] {
  const [, , parts] = /^([^]*?<\/desc>)([^]*)$/.exec(svg) ?? [];
  return [...(parts ?? "").matchAll(/<text x="([\d.]+)" y="([\d.]+)"([^>]*)>([^<]*)</g)].map(
    ([, x = "", y = "", rest = "", escaped = ""]) => {
      const text = escaped.replaceAll(/&\S+?;/g, "_");
      const width = text.length * 13 * 0.5;
      const left = Number(x) - (rest.includes("middle") ? width / 2 : rest.includes('"end"') ? width : 0);
      return { text, left, right: left + width, y: Number(y) };
    },
  );
}

describe("a figure of a run as SVG", () => {
  test.each(named)("matches its snapshot: %s", async (name, source) => {
    await expect(`${trainingFigure(source).toSvg()}\n`).toMatchFileSnapshot(`__snapshots__/${name}.svg`);
  });

  test.each(["typical", "csv", "long-names"])("matches its snapshot at 400 pixels: %s", async (name) => {
    const svg = trainingFigure(runs[name] ?? "").toSvg({ width: 400, theme: "dark" });
    await expect(`${svg}\n`).toMatchFileSnapshot(`__snapshots__/${name}-400-dark.svg`);
  });

  test.each(named)("has no text that is cut off or over another: %s", (_, source) => {
    for (const width of [320, 400, 720, 1200]) {
      const boxes = boxesOf(trainingFigure(source).toSvg({ width }));
      expect(boxes.length).toBeGreaterThan(5);
      for (const [i, box] of boxes.entries()) {
        expect(box.left, box.text).toBeGreaterThanOrEqual(0);
        expect(box.right, box.text).toBeLessThanOrEqual(width);
        const over = boxes
          .slice(0, i)
          .filter(
            (other) => Math.abs(other.y - box.y) < 10 && other.left < box.right && box.left < other.right,
          );
        expect(over, box.text).toEqual([]);
      }
    }
  });

  test("breaks a line at values that are not finite, and not where none was measured", () => {
    const lines = (svg: string, role: string): number[] =>
      [...svg.matchAll(new RegExp(`<path d="([^"]*)" stroke-width="2.5"[^>]*stroke-${role}"`, "g"))].map(
        ([, d = ""]) => d.split("M").length - 1,
      );
    const svg = trainingFigure(runs["gaps"] ?? "").toSvg();
    expect(lines(svg, "smoothed")).toEqual([2, 4]);
    expect(lines(svg, "heldOut")).toEqual([1]);
    expect(svg).toContain("loss is not finite at epochs 5, 10, 11 and 1 more");
  });

  test("fills the height that it is given, and needs a least one", () => {
    const figure = trainingFigure(runs["typical"] ?? "");
    const heightOf = (height: number): number =>
      Number(/ height="(\d+)" role/.exec(figure.toSvg({ height }))?.[1]);
    expect(heightOf(900)).toBe(900);
    expect(heightOf(100)).toBeGreaterThan(300);
  });

  test("stays small for a long run, and keeps its extremes", () => {
    const values = Array.from({ length: 100_000 }, (_, i) => (i === 77_777 ? 50 : 1 + (i % 7) / 10));
    const svgOf = (losses: readonly number[]): string =>
      trainingFigure(losses.map((loss, step) => ({ step, metrics: { loss } }))).toSvg();
    const highest = (svg: string): number => {
      const [, line = ""] = /<path d="([^"]*)" stroke-width="2.5"/.exec(svg) ?? [];
      return Math.min(...[...line.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y)));
    };
    const long = svgOf(values);
    expect(long.length).toBeLessThan(60_000);
    expect(highest(long)).toBe(highest(svgOf([1, 50, 1.6])));
  });

  test("has only finite numbers for any run", () => {
    const metrics = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), fc.float(), { maxKeys: 5 });
    fc.assert(
      fc.property(fc.array(metrics, { minLength: 1, maxLength: 12 }), (epochs) => {
        const svg = trainingFigure(makeHistory(epochs.length, (epoch) => epochs[epoch - 1] ?? {})).toSvg();
        expect(coordinates(svg).every(Number.isFinite)).toBe(true);
        expect(svg).not.toMatch(/="[^"]*NaN/);
      }),
    );
  });
});
