import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toTerminal } from "../../../src/figure/terminal/toTerminal.js";
import { auto } from "../../../src/rules/auto.js";
import { curveOf, diverged, typical } from "../../support/sweeps.js";
import { figures } from "../../support/figures.js";

describe("a figure in a terminal", () => {
  test.each(Object.entries(figures))("of the sweep %s matches its snapshot", async (name, data) => {
    await expect(`${toTerminal(data)}\n`).toMatchFileSnapshot(`__snapshots__/${name}.txt`);
  });

  test("fits the columns and rows it is given", () => {
    const title = "A title that is much longer than a narrow terminal is wide, so that it has to be cut";
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 200 }), fc.integer({ min: 10, max: 60 }), (columns, rows) => {
        const lines = toTerminal(
          { curve: diverged, suggestion: auto(diverged), title },
          { columns, rows },
        ).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        expect(lines).toHaveLength(rows);
      }),
    );
  });

  test.each(Object.entries(figures))("of the sweep %s fits its columns and rows", (_, data) => {
    for (const [columns, rows] of [
      [40, 16],
      [66, 30],
      [120, 24],
    ] as const) {
      const lines = toTerminal(data, { columns, rows }).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines).toHaveLength(rows);
    }
  });

  test("draws lines in the colours of the legend", () => {
    const text = toTerminal(figures["overlay"] ?? { curve: typical }, { colour: true });
    expect(text).toContain(
      "\u001b[34mbatches of 64\u001b[0m, \u001b[33mbatches of 256\u001b[0m, \u001b[35mbatches of 16\u001b[0m",
    );
    expect(toTerminal({ curve: typical })).not.toContain("this sweep");
  });

  test("wraps long lines in a narrow terminal", () => {
    const text = toTerminal(figures["overlay"] ?? { curve: typical }, { columns: 40 });
    expect(text).toMatch(/\nbatches of 64, batches of 256\nbatches of 16\n/);
    expect(text).toMatch(/\nsuggested lr \S+ \(auto\)\nusable \S+ to \S+$/);
  });

  test("marks trials with rings, also in the legend", () => {
    const lines = toTerminal(figures["refined"] ?? { curve: typical }).split("\n");
    expect(lines.filter((line) => line.includes("○")).length).toBe(4);
    expect(lines[1]).toContain("○");
    expect(lines).toContain("○ trials");
  });

  test("names the suggested rate and marks it on the axis", () => {
    const text = toTerminal({ curve: typical, suggestion: auto(typical) });
    expect(text).toMatch(/suggested lr \S+ \(auto\), usable \S+ to \S+$/);
    expect(text.match(/▲/g)).toHaveLength(1);
  });

  test("has colours only on request", () => {
    const data = { curve: typical, suggestion: auto(typical) };
    expect(toTerminal(data)).not.toContain("\u001b");
    expect(toTerminal(data, { colour: true })).toContain("\u001b[31m▲");
  });

  test("accepts any curve", () => {
    const losses = fc.array(fc.oneof(fc.float(), fc.constantFrom(1, -1, 0)), { maxLength: 30 });
    fc.assert(
      fc.property(losses, (values) => {
        const curve = curveOf(values, "diverged");
        expect(toTerminal({ curve, suggestion: auto(curve) })).not.toContain("undefined");
      }),
    );
  });
});
