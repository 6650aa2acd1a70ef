import fc from "fast-check";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import { rules, type RuleName } from "../../src/rules/rules.js";
import { diverged, linear, typical } from "../support/sweeps.js";
import { odd } from "../support/oddCurve.js";

const forms: [string, (finder: LrFinder) => LrFinder][] = [
  ["JSON", (finder) => LrFinder.fromJSON(JSON.stringify(finder))],
  ["parsed JSON", (finder) => LrFinder.fromJSON(finder.toJSON())],
  ["CSV", (finder) => LrFinder.fromCsv(finder.toCsv())],
];

const saved = (change: (results: Record<string, unknown>) => void): unknown => {
  const search = JSON.parse(JSON.stringify(new LrFinder(odd))) as { results: Record<string, unknown> };
  change(search.results);
  return search;
};

const csv = new LrFinder(typical).toCsv();

describe.each(forms)("a search saved as %s", (_, roundTrip) => {
  test.each(Object.entries({ typical, diverged, linear, odd }))("is restored exactly: %s", (_, curve) => {
    const finder = new LrFinder(curve, ["valley", "minimum"]);
    const read = roundTrip(finder);
    expect(read.results).toEqual(curve);
    expect(read.rules).toEqual(["valley", "minimum"]);
    for (const rule of Object.keys(rules) as RuleName[])
      expect(read.suggest(rule)).toEqual(finder.suggest(rule));
  });

  test("preserves every double", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 20 }), (loss) => {
        const curve: Curve = {
          ...{ mode: "linear", lr: loss.map((_, k) => k / 7) },
          loss,
          smoothed: loss,
          stopped: "finished",
        };
        expect(roundTrip(new LrFinder(curve)).results).toEqual(curve);
      }),
    );
  });

  test("gets the default rule if its own rule was a function", () => {
    expect(roundTrip(new LrFinder(typical, () => new LrFinder(typical).suggest("valley"))).rules).toEqual([
      "auto",
    ]);
  });
});

test("the file extension sets the format of a saved search", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fulmine-search-"));
  try {
    const finder = new LrFinder(diverged);
    const read = async (name: string): Promise<string> =>
      readFile(await finder.save(join(folder, name)), "utf8");
    expect(LrFinder.fromJSON(await read("lr.json")).results).toEqual(diverged);
    expect(LrFinder.fromCsv(await read("lr.csv")).results).toEqual(diverged);
    await expect(finder.save("lr.txt")).rejects.toThrow(
      'A search can be saved as .json or .csv only. Received: "lr.txt".',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each<[string, () => LrFinder, string]>([
  ["text that is not JSON", () => LrFinder.fromJSON("lr,loss"), 'the text is not JSON. Received: "lr,loss".'],
  ["another file", () => LrFinder.fromJSON("{}"), "`format` is missing."],
  ["no object", () => LrFinder.fromJSON("7"), "it must be an object with `format`"],
  [
    "a later version",
    () => LrFinder.fromJSON({ ...new LrFinder(odd).toJSON(), version: 2 }),
    "`version` must be 1",
  ],
  [
    "an unknown rule",
    () => LrFinder.fromJSON({ ...new LrFinder(odd).toJSON(), rules: ["best"] }),
    "`rules.0` must be one of auto",
  ],
  [
    "a loss that is not a number",
    () => LrFinder.fromJSON(saved((results) => (results["loss"] = [1, null, 3]))),
    '`results.loss.1` must be a number, "NaN"',
  ],
  [
    "a missing list",
    () => LrFinder.fromJSON(saved((results) => delete results["smoothed"])),
    "`results.smoothed` is missing.",
  ],
  [
    "lists of different lengths",
    () => LrFinder.fromJSON(saved((results) => (results["loss"] = [1]))),
    "`results.loss` must have 3 entries, as many as `results.lr`. Received: 1.",
  ],
  [
    "rates that do not increase",
    () => LrFinder.fromJSON(saved((results) => (results["lr"] = [1, 2, 2]))),
    "`results.lr` must increase from each rate to the next. Received: 2.",
  ],
  [
    "an unknown end",
    () => LrFinder.fromJSON(saved((results) => (results["stopped"] = "late"))),
    '`results.stopped` must be "finished", ',
  ],
  [
    "a trial without a score",
    () => LrFinder.fromJSON(saved((results) => (results["trials"] = [{ lr: 0.1, loss: [1], score: "NaN" }]))),
    "`results.trials.0.score` must not be NaN",
  ],
  [
    "an optimizer without its weights",
    () => LrFinder.fromJSON(saved((results) => (results["optimizer"] = { name: "adam" }))),
    "`results.optimizer.weights` is missing.",
  ],
  [
    "an optimizer with no weight",
    () => LrFinder.fromJSON(saved((results) => (results["optimizer"] = { name: "adam", weights: 0 }))),
    "`results.optimizer.weights` must be an integer of at least 1. Received: 0.",
  ],
  [
    "CSV of something else",
    () => LrFinder.fromCsv("epoch,loss\n1,2\n"),
    "the first line must contain the column `part`",
  ],
  [
    "CSV without a row of the sweep",
    () => LrFinder.fromCsv(csv.split("\n")[0] ?? ""),
    "it must have a row whose `part` is `sweep`",
  ],
  [
    "CSV with a word instead of a number",
    () => LrFinder.fromCsv(csv.replace("1e-7", "low")),
    '`lr` in line 2 must be a number. Received: "low".',
  ],
  ["truncated CSV", () => LrFinder.fromCsv(csv.slice(0, -60)), "must be a number"],
])("%s is refused with a message that names the fault", (_, read, message) => {
  expect(read).toThrow(
    expect.objectContaining({ code: "INVALID_DATA", message: expect.stringContaining(message) as string }),
  );
});
