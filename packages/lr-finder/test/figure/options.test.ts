import { describe, expect, test } from "vitest";
import { FulmineError } from "@fulmine/core";
import { toHtml } from "../../src/figure/toHtml.js";
import { toPng } from "../../src/figure/toPng.js";
import { toSvg } from "../../src/figure/toSvg.js";
import { toTerminal } from "../../src/figure/toTerminal.js";
import { LrFinder, type PlotOptions, type ShowOptions } from "../../src/lrFinder.js";
import { suggest } from "../../src/rules/suggest.js";
import { makeSweep, typical } from "../support/sweeps.js";

const finder = new LrFinder(typical);

describe("a figure refuses", () => {
  const bad: [string, unknown, string][] = [
    ["null", null, "takes its options as an object. Received: null"],
    ["a text", "Digits", "takes its options as an object"],
    [
      "a theme, which belongs to the drawing",
      { theme: "dark" },
      'has no option `theme`. Received: "dark". It belongs to one form',
    ],
    [
      "a misspelt option",
      { sugest: true },
      "has no option `sugest`. Received: true. It takes: title, label, x",
    ],
    ["a title that is no text", { title: 5 }, "`title` of"],
    ["a text for a switch", { suggest: "yes" }, "`suggest` of"],
    ["another axis", { x: "log" }, "`x` of"],
    ["a curve for a search", { overlay: { other: typical } }, "must hold searches by name"],
    ["a search without a name", { overlay: null }, "must hold searches by name"],
    ["a rule that is not there", { suggest: true, rule: "best" }, "`rule` must be a function or one of"],
  ];
  test.each(bad)("%s", async (_, options, message) => {
    await expect(finder.plot(options as PlotOptions)).rejects.toThrow(FulmineError);
    await expect(finder.plot(options as PlotOptions)).rejects.toThrow(message);
    await expect(finder.show(options as ShowOptions)).rejects.toThrow(message);
  });

  test("a path that is no text", async () => {
    const figure = await finder.plot();
    await expect(figure.save(5 as never)).rejects.toThrow("must be the path of a file. Received: 5.");
    await expect(finder.save(undefined as never)).rejects.toThrow("must be the path of a file");
    await expect(finder.show({ path: 5 as never })).rejects.toThrow("`path` of `show` must be a text");
  });
});

describe("a form of a figure refuses", () => {
  const data = { curve: typical };
  const bad: [string, () => unknown, string][] = [
    ["null", () => toSvg(data, null as never), "`toSvg` takes its options as an object"],
    [
      "a width of text",
      () => toSvg(data, { width: "720" as never }),
      "`width` of `toSvg` must be a number from",
    ],
    ["a width of NaN", () => toSvg(data, { width: NaN }), "`width` of `toSvg`"],
    ["a height below 0", () => toSvg(data, { height: -1 }), "`height` of `toSvg`"],
    [
      "a theme that is not there",
      () => toSvg(data, { theme: "blue" as never }),
      '"light" or "dark" or "auto"',
    ],
    ["a misspelt option", () => toHtml(data, { colour: "red" } as never), "`toHtml` has no option `colour`"],
    [
      "billions of columns",
      () => toTerminal(data, { columns: 1e9 }),
      "`columns` of `toTerminal` must be a number",
    ],
    ["a text for a switch", () => toTerminal(data, { colour: "red" as never }), "must be true or false"],
  ];
  test.each(bad)("%s", (_, draw, message) => {
    expect(draw).toThrow(FulmineError);
    expect(draw).toThrow(message);
  });

  test("a picture of billions of pixels, or one that follows its reader", async () => {
    await expect(toPng(data, { scale: 1e6 })).rejects.toThrow("`scale` of `toPng` must be a number from");
    await expect(toPng(data, { theme: "auto" as never })).rejects.toThrow('must be "light" or "dark"');
  });
});

describe("a rule of one's own must return a suggestion:", () => {
  test.each([
    undefined,
    null,
    1e-3,
    {},
    { lr: NaN, range: [0, 1] },
    { lr: 1 },
    { lr: null },
    { lr: "1", range: [] },
  ])("%j is none", (given) => {
    expect(() => suggest(typical, () => given as never)).toThrow(
      "A rule of your own must return a suggestion.",
    );
  });
});

test.each([undefined, null, 5, {}, []])("a saved search is a text, and %j is none", (given) => {
  expect(() => LrFinder.fromCsv(given as never)).toThrow("This is not a saved search: it must be a text.");
});

test("one rule may stand for a list of them", () => {
  expect(finder.suggestions("valley" as never)).toEqual([finder.suggest("valley")]);
});

test("a sweep of very many rates is read by all rules, explained and drawn", async () => {
  const long = new LrFinder(
    makeSweep({ count: 200_000, low: 1e-6, high: 1, loss: (lr) => 1 + 1 / (1 + 100 * lr) }),
  );
  for (const rule of ["auto", "valley", "minimum", "steepest", "slide", "ignite", "lightning"] as const)
    expect(long.suggest(rule).rule).toBe(rule);
  expect(long.explain()).toContain("Swept 200000 rates");
  const figure = await long.plot({ suggest: true, change: true });
  expect(figure.toSvg()).toContain("</svg>");
  expect(String(figure)).toContain("learning rate");
});
