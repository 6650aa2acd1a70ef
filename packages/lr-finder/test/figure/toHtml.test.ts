import { describe, expect, test } from "vitest";
import { toHtml } from "../../src/figure/toHtml.js";
import { auto } from "../../src/rules/auto.js";
import { curveOf, diverged, typical } from "../support/sweeps.js";
import { figures } from "./figures.js";

const page = toHtml({ curve: typical, suggestion: auto(typical), title: "Digits </script> & more" });

describe("an HTML figure", () => {
  test("needs nothing from anywhere", () => {
    const links = [...page.matchAll(/\b(?:src|href|url)\s*[=(]/gi)].map(([link]) => link);
    // The one URL of a drawing is its own clip path.
    expect(links).toEqual(["url("]);
    expect(page).toContain('clip-path="url(#fulmine-');
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
  });

  test("holds a row for each rung and marks the pick", () => {
    expect(page.match(/<tr[ >]/g)).toHaveLength(typical.lr.length + 1);
    expect(page.match(/<tr class="pick">/g)).toHaveLength(1);
  });

  test("has a read-out for each rung, within the drawing", () => {
    const [, json = ""] = /id="rungs">([^<]*)</.exec(page) ?? [];
    const { rungs } = JSON.parse(json) as { rungs: { x: number; y: number | null; text: string }[] };
    expect(rungs).toHaveLength(typical.lr.length);
    expect(rungs[0]?.text).toMatch(/^lr 1e-7 · loss \S+ · smoothed \S+$/);
    expect(rungs.every(({ x, y }) => x >= 0 && x <= 880 && (y === null || (y >= 0 && y <= 480)))).toBe(true);
  });

  test("leaves the dot away where the loss is cut off", () => {
    const [, json = ""] = /id="rungs">([^<]*)</.exec(toHtml({ curve: diverged })) ?? [];
    const { rungs } = JSON.parse(json) as { rungs: { y: number | null }[] };
    expect(rungs.at(-1)?.y).toBeNull();
  });

  test("writes a title as text, whatever it holds", () => {
    expect(page).toContain("Digits &lt;/script&gt; &amp; more");
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });

  test("is made of an empty sweep too", () => {
    expect(toHtml({ curve: curveOf([]) })).toContain("All 0 rungs");
  });

  test("has columns and a read-out for held-out losses and for the band of several sweeps", () => {
    const banded = toHtml(figures["band"] ?? { curve: typical });
    expect(banded).toContain('<th scope="col">band of 5</th>');
    expect(banded).toMatch(/"text":"lr 1e-7 · loss \S+ · smoothed \S+ · band \S+ to \S+"/);
    expect(toHtml(figures["held-out"] ?? { curve: typical })).toContain('<th scope="col">held out</th>');
    expect(page).not.toContain("band of");
  });

  test("lets the read-out run through both panels", () => {
    const bottomOf = (html: string): number => Number(/"bottom":([\d.]+)/.exec(html)?.[1]);
    const change = toHtml({ curve: diverged, change: true });
    expect(change).toContain('viewBox="0 0 880 680"');
    expect(bottomOf(change) - bottomOf(page)).toBeCloseTo(200, 0);
  });
});
