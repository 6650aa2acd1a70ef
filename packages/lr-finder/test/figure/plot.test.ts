import { FulmineError } from "@fulmine/core";
import { describe, expect, test } from "vitest";
import { LrFinder, type PlotOptions, type ShowOptions } from "../../src/lrFinder.js";
import { diverged, makeSweep, typical } from "../support/sweeps.js";

const finder = new LrFinder(typical);

test("a search is drawn with other searches, each with its suggestion", async () => {
  const [finder, other] = [new LrFinder(typical, "valley"), new LrFinder(diverged, "minimum")];
  const { data } = await finder.plot({
    suggest: true,
    overlay: { worse: other },
    label: "this",
    change: true,
    x: "exponent",
  });
  expect(data).toEqual({
    ...{ curve: typical, suggestion: finder.suggest(), label: "this", change: true, x: "exponent" },
    overlay: [{ label: "worse", curve: diverged, suggestion: other.suggest("minimum") }],
  });
  expect((await finder.plot()).data).toEqual({ curve: typical });
});

describe("a figure refuses", () => {
  const bad: [string, unknown, string][] = [
    ["null", null, "takes its options as an object. Received: null"],
    ["a text", "Digits", "takes its options as an object"],
    [
      "a theme, which is an option of the format",
      { theme: "dark" },
      'has no option `theme`. Received: "dark". It is an option of one output format',
    ],
    [
      "a misspelt option",
      { sugest: true },
      "has no option `sugest`. Received: true. It takes: title, label, x",
    ],
    ["a title that is not a string", { title: 5 }, "`title` of"],
    ["a string as a flag", { suggest: "yes" }, "`suggest` of"],
    ["an unknown axis", { x: "log" }, "`x` of"],
    ["a curve instead of a search", { overlay: { other: typical } }, "must be an object of searches by name"],
    ["null instead of searches by name", { overlay: null }, "must be an object of searches by name"],
    ["an unknown rule", { suggest: true, rule: "best" }, "`rule` must be a function or one of"],
  ];
  test.each(bad)("%s", async (_, options, message) => {
    await expect(finder.plot(options as PlotOptions)).rejects.toThrow(FulmineError);
    await expect(finder.plot(options as PlotOptions)).rejects.toThrow(message);
    await expect(finder.show(options as ShowOptions)).rejects.toThrow(message);
  });

  test("a path that is not a string", async () => {
    const figure = await finder.plot();
    await expect(figure.save(5 as never)).rejects.toThrow("must be the path of a file. Received: 5.");
    await expect(finder.save(undefined as never)).rejects.toThrow("must be the path of a file");
    await expect(finder.show({ path: 5 as never })).rejects.toThrow("`path` of `show` must be a string");
  });
});

test("a very long sweep can be read by all rules, explained and drawn", async () => {
  const long = new LrFinder(
    makeSweep({ count: 200_000, low: 1e-6, high: 1, loss: (lr) => 1 + 1 / (1 + 100 * lr) }),
  );
  for (const rule of ["auto", "valley", "minimum", "steepest", "slide", "ignite", "lightning"] as const)
    expect(long.suggest(rule).rule).toBe(rule);
  expect(long.explain()).toContain("Swept 200,000 rates");
  const figure = await long.plot({ suggest: true, change: true });
  expect(figure.toSvg()).toContain("</svg>");
  expect(String(figure)).toContain("learning rate");
});
