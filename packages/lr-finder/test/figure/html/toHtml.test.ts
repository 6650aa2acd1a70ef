import { describe, expect, test } from "vitest";
import { toHtml } from "../../../src/figure/html/toHtml.js";
import { auto } from "../../../src/rules/auto.js";
import { curveOf, diverged, typical } from "../../support/sweeps.js";
import { figures } from "../../support/figures.js";

const page = toHtml({ curve: typical, suggestion: auto(typical), title: "Digits </script> & more" });

interface Rungs {
  readonly texts: readonly string[];
  readonly drawings: readonly { readonly places: readonly (readonly [x: number, y: number | null])[] }[];
}

describe("an HTML figure", () => {
  test("loads no other resources", () => {
    const links = [...page.matchAll(/\b(?:src|href|url)\s*[=(]/gi)].map(([link]) => link);
    // The only URL of each drawing is its clip path.
    expect(links).toEqual(["url(", "url("]);
    expect(page).toContain('clip-path="url(#fulmine-');
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
  });

  test("has a row for each rung and marks the suggested rate", () => {
    expect(page.match(/<tr[ >]/g)).toHaveLength(typical.lr.length + 1);
    expect(page.match(/<tr class="pick">/g)).toHaveLength(1);
  });

  test("has a readout for each rung at a position inside the drawing", () => {
    const [, json = ""] = /id="points">([^<]*)</.exec(page) ?? [];
    const { texts, drawings } = JSON.parse(json) as Rungs;
    expect(texts).toHaveLength(typical.lr.length);
    expect(texts[0]).toMatch(/^lr 1e-7 · loss \S+ · smoothed \S+$/);
    const sizes = [...page.matchAll(/viewBox="0 0 (\d+) (\d+)"/g)].map((found) => found.slice(1).map(Number));
    expect(sizes.map(([width]) => width)).toEqual([880, 400]);
    for (const [i, { places }] of drawings.entries()) {
      const [width = 0, height = 0] = sizes[i] ?? [];
      expect(places).toHaveLength(typical.lr.length);
      expect(places.every(([x, y]) => x >= 0 && x <= width && (y === null || (y >= 0 && y <= height)))).toBe(
        true,
      );
    }
  });

  test("has no dot if the loss is above the panel", () => {
    const [, json = ""] = /id="points">([^<]*)</.exec(toHtml({ curve: diverged })) ?? [];
    const { drawings } = JSON.parse(json) as Rungs;
    expect(drawings.map(({ places }) => places.at(-1)?.[1])).toEqual([null, null]);
  });

  test("escapes the title", () => {
    expect(page).toContain("Digits &lt;/script&gt; &amp; more");
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });

  test("accepts an empty sweep", () => {
    expect(toHtml({ curve: curveOf([]) })).toContain("All 0 rates");
  });

  test("has columns and readouts for held-out losses and for the band of several sweeps", () => {
    const banded = toHtml(figures["band"] ?? { curve: typical });
    expect(banded).toContain('<th scope="col">band of 5</th>');
    expect(banded).toMatch(/"texts":\["lr 1e-7 · loss \S+ · smoothed \S+ · band \S+ to \S+",/);
    expect(toHtml(figures["held-out"] ?? { curve: typical })).toContain('<th scope="col">held out</th>');
    expect(page).not.toContain("band of");
    // Three of four rungs have no score.
    expect(toHtml(figures["held-out"] ?? { curve: typical }).match(/<td><\/td><\/tr>/g)).toHaveLength(75);
  });

  test("extends the line of the readout over both panels", () => {
    const bottomOf = (html: string): number => Number(/"bottom":([\d.]+)/.exec(html)?.[1]);
    const change = toHtml({ curve: diverged, change: true });
    expect(change).toContain('viewBox="0 0 880 680"');
    expect(change).toMatch(/"lr 1e-8 · loss \S+ · smoothed \S+ · change \S+"/);
    expect(bottomOf(change) - bottomOf(page)).toBeCloseTo(200, 0);
  });
});
