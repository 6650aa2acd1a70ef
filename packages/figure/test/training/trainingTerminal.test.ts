import { describe, expect, test } from "vitest";
import { trainingFigure } from "@fulmine/figure";
import { runs } from "../support/runs.js";

describe("a figure of a run in a terminal", () => {
  test.each(["typical", "one-epoch", "gaps", "csv"])("matches its snapshot: %s", async (name) => {
    const text = trainingFigure(runs[name] ?? "").toString();
    await expect(`${text}\n`).toMatchFileSnapshot(`__snapshots__/${name}.txt`);
  });

  test.each(Object.entries(runs))("fits its columns and rows: %s", (_, source) => {
    for (const [columns, rows] of [
      [40, 34],
      [80, 40],
      [120, 60],
    ] as const) {
      const lines = trainingFigure(source).toString({ columns, rows }).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines.length).toBeLessThanOrEqual(rows);
    }
  });

  test("shows the values of single steps only in colour, where they can be told apart", () => {
    const figure = trainingFigure(runs["csv"] ?? "");
    expect(String(figure)).not.toContain("single steps");
    expect(figure.toString({ colour: true })).toContain("\u001b[2msingle steps\u001b[0m");
  });
});
