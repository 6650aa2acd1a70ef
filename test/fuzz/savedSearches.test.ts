import fc from "fast-check";
import { expect } from "vitest";
import { FulmineError } from "@fulmine/core";
import { LrFinder, toHtml, toSvg, toTerminal, type Curve } from "@fulmine/lr-finder";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { mutate, mutation } from "./support/mutation.js";
import { property } from "./support/property.js";

const lr = Array.from({ length: 12 }, (_, rung) => 10 ** (rung / 2 - 5));
const loss = lr.map((rate) => 1 / (1 + rate) + rate);
const curve: Curve = {
  ...{ mode: "exponential", stopped: "finished", lr, loss, smoothed: loss, valLoss: loss, valSmoothed: loss },
  ...{ band: { sweeps: 3, low: loss, high: loss }, optimizer: { name: "adam", weights: 10, momentum: 0.9 } },
  trials: [{ lr: 0.01, loss: [1, 0.5, NaN], score: 0.5 }],
};
const search = new LrFinder(curve, ["auto", "valley"]);

/** Reads a search in every way that there is. */
async function useAll(finder: LrFinder): Promise<void> {
  for (const { lr: rate } of finder.suggestions()) if (rate !== null) expect(rate).toBeGreaterThanOrEqual(0);
  expect(finder.explain()).not.toMatch(/undefined|\[object|NaN%/);
  const figure = await finder.plot({ suggest: true, change: true });
  const svg = figure.toSvg();
  expect(svg).toContain("</svg>");
  expect(svg).not.toMatch(/(?:NaN|Infinity|undefined)["\s,]/);
  expect(String(figure)).toContain("learning rate");
  expect(LrFinder.fromJSON(JSON.stringify(finder)).results).toEqual(finder.results);
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 2 });

property("a changed saved search is read in every way, or refused", 80, mutations, async (changes) => {
  const tree = structuredClone(search.toJSON());
  for (const change of changes) mutate(tree, change);
  await useAll(LrFinder.fromJSON(tree));
});

const csv = search.toCsv();
const edits = fc.array(
  fc.tuple(fc.nat(csv.length), fc.constantFrom("", ",", "\n", '"', "NaN", "-", "e9", "trial", "x")),
  {
    minLength: 1,
    maxLength: 3,
  },
);

property("a changed table of a search is read in every way, or refused", 45, edits, async (changes) => {
  let text = csv;
  for (const [at, put] of changes) text = text.slice(0, at) + put + text.slice(at + 1);
  await useAll(LrFinder.fromCsv(text));
});

property("what is no saved search is refused", 30, hostile, async (make) => {
  const value = make();
  expect(() => LrFinder.fromJSON(value)).toThrow(FulmineError);
  expect(() => LrFinder.fromCsv(value as never)).toThrow(FulmineError);
  await endOf(() => LrFinder.fromJSON({ ...search.toJSON(), results: value }));
});

const sizes = [() => 400, () => 800];
const plotOptions: Valid = {
  title: [() => "a title", () => "<&>"],
  label: [() => "here"],
  x: [() => "lr", () => "exponent"],
  change: [() => true, () => false],
  suggest: [() => true, () => false],
  rule: [() => "valley", () => "minimum"],
  overlay: [() => ({ other: search })],
};

property(
  "a figure is drawn, or its options are refused",
  60,
  fc.tuple(hostileOptions(plotOptions), hostile),
  async ([{ make }, rule]) => {
    await endOf(() => search.suggest(rule() as never));
    await endOf(() => search.suggestions(rule() as never));
    await endOf(() => search.explain(rule() as never));
    await endOf(() => search.save(rule() as never));
    await endOf(() => search.log([], rule() as never));
    await endOf(() => search.log(rule() as never));
    const figure = await search.plot(make());
    expect(figure.toSvg()).toContain("</svg>");
    expect(String(figure)).not.toContain("NaN");
  },
  (end, [{ isMisspelt, isValid }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

const drawings: Readonly<Record<string, readonly [draw: (options: never) => unknown, Valid]>> = {
  toSvg: [
    (options) => toSvg({ curve }, options),
    { width: sizes, height: sizes, theme: [() => "dark", () => "auto"] },
  ],
  toHtml: [(options) => toHtml({ curve }, options), { theme: [() => "dark"] }],
  toTerminal: [
    (options) => toTerminal({ curve }, options),
    { columns: [() => 1, () => 80], rows: [() => 1, () => 20], colour: [() => true] },
  ],
};

property(
  "a form of a figure is drawn, or its settings are refused",
  45,
  fc
    .constantFrom("toSvg", "toHtml", "toTerminal")
    .chain((name) => fc.tuple(fc.constant(name), hostileOptions(drawings[name]?.[1] ?? {}))),
  ([name, { make }]) => {
    expect(String(drawings[name]?.[0](make()))).not.toContain("NaN");
  },
  (end, [, { isMisspelt, isValid }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);
