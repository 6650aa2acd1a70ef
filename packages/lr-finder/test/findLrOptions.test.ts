import { describe, expect, test } from "vitest";
import { FulmineError, Trainer as CoreTrainer } from "@fulmine/core";
import { LrFinder, LrFinderCallback, withLrFinder, type FindLrOptions } from "@fulmine/lr-finder";
import { resolveFindLrOptions } from "../src/resolveFindLrOptions.js";
import { makeLadder } from "../src/sweep/ladder.js";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const circular: unknown[] = [];
circular.push(circular);
const thrower = {
  toString(): never {
    throw new Error("not to be looked at");
  },
};

describe("findLr refuses", () => {
  const bad: [string, unknown, string][] = [
    ["no options", null, "`findLr` takes its options as an object. Received: null"],
    ["a number for options", 100, "`findLr` takes its options as an object"],
    ["a list for options", [], "`findLr` takes its options as an object"],
    ["billions of rates", { numTraining: 2 ** 33 }, "`numTraining` of `findLr` must be at most 1000000"],
    ["a growth that makes billions of rates", { growth: 1 + 1e-9 }, "`growth` of `findLr` must be greater"],
    ["the least growth", { growth: 1 + Number.EPSILON }, "a sweep has at most 1000000 rates"],
    [
      "rates that are hardly apart",
      { minLr: 1, maxLr: 1 + 1e-15 },
      "lies too near `minLr` (1) for 100 rates",
    ],
    ["rates between which there is none", { minLr: 5e-324, maxLr: 1e-322 }, "lies too near `minLr` (5e-324)"],
    ["a text for a rate", { minLr: "1e-6" }, "`minLr` of `findLr` must be"],
    ["a text for a number", { numTraining: "100" }, "`numTraining` of `findLr` must be"],
    ["a text for beta", { beta: "0.9" }, "`beta` of `findLr` must be"],
    ["a text for a threshold", { earlyStopThreshold: "4" }, "`earlyStopThreshold` of `findLr` must be"],
    ["a text for refine", { refine: "300" }, "`refine` of `findLr` must be"],
    ["no refine", { refine: null }, "`refine` of `findLr` must be"],
    ["a list for val", { val: [] }, "`val` of `findLr` must be"],
    ["a text for val", { val: "2" }, "`val` of `findLr` must be"],
    ["billions of repeats", { repeats: 2 ** 33 }, "`repeats` of `findLr` must be at most 10000"],
    ["a BigInt", { repeats: 3n }, "`repeats` of `findLr` must be"],
    ["a symbol", { refine: Symbol("much") }, "`refine` of `findLr` must be"],
    ["what is circular", { val: circular }, "`val` of `findLr` must be"],
    ["what can't be made a text", { rule: thrower }, "`rule` of `findLr` must be"],
    ["a rule in a list in a list", { rule: [["valley"]] }, "`rule` of `findLr` must be"],
    ["a rule that every object has", { rule: "constructor" }, "`rule` of `findLr` must be"],
    ["an optimizer below 0", { optimizer: -1 }, "`optimizer` of `findLr` must be the index"],
    ["a signal that is none", { signal: { aborted: false } }, "`signal` of `findLr` must be an AbortSignal"],
    ["a text for progress", { progress: "no" }, "`progress` of `findLr` must be true or false"],
    [
      "a misspelt option",
      { numtraining: 9 },
      "`findLr` has no option `numtraining`. Received: 9. It takes: minLr",
    ],
  ];
  test.each(bad)("%s", async (_, options, message) => {
    expect(() => resolveFindLrOptions(options as FindLrOptions)).toThrow(FulmineError);
    expect(() => resolveFindLrOptions(options as FindLrOptions)).toThrow(message);
    const trainer = new (withLrFinder(CoreTrainer))({ enableProgressBar: false });
    const search = trainer.findLr(makeTiny(TinyModule), { train: makeLoader() }, options as FindLrOptions);
    await expect(search).rejects.toThrow(message);
  });
});

test("a ladder is made rung by rung, as a sweep climbs it", () => {
  const ladder = makeLadder({ minLr: 1, maxLr: 2, numTraining: Number.MAX_SAFE_INTEGER, mode: "linear" });
  expect(ladder.next()).toEqual({ done: false, value: 1 });
});

test("a search of as many rates as there may be ends as soon as it is stopped", async () => {
  const stop = new AbortController();
  let steps = 0;
  class Stopping extends TinyModule {
    override onTrainBatchEnd(): void {
      steps += 1;
      if (steps === 3) stop.abort();
    }
  }
  const trainer = new (withLrFinder(CoreTrainer))({ enableProgressBar: false, seed: 1 });
  const options = { numTraining: 1e6, signal: stop.signal };
  await expect(trainer.findLr(makeTiny(Stopping), { train: makeLoader() }, options)).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(steps).toBe(3);
});

test.each([
  [1e-320, 10, "exponential"],
  [5e-324, 1.7e308, "exponential"],
  [1e-320, 1e-318, "exponential"],
  [0, 1e308, "linear"],
] as const)(
  "rates from %s to %s, beyond what training computes with, are swept, read and drawn",
  async (minLr, maxLr, mode) => {
    const trainer = new (withLrFinder(CoreTrainer))({ enableProgressBar: false, seed: 1 });
    const options = { minLr, maxLr, mode, numTraining: 20, earlyStopThreshold: null };
    const finder = await trainer.findLr(makeTiny(TinyModule), { train: makeLoader() }, options);
    const { lr } = finder.results;
    expect(lr[0]).toBe(minLr);
    expect(lr.every((rate, rung) => Number.isFinite(rate) && rate > (lr[rung - 1] ?? -1))).toBe(true);
    expect(finder.explain()).toContain("The rule auto");
    const figure = await finder.plot({ suggest: true, change: true });
    expect(figure.toSvg()).toContain("</svg>");
    expect(figure.toSvg()).not.toContain("NaN");
    expect(String(figure)).toContain("learning rate");
    expect(LrFinder.fromJSON(JSON.stringify(finder)).results).toEqual(finder.results);
  },
);

describe("LrFinderCallback refuses", () => {
  test.each<[string, unknown, string]>([
    ["nothing", undefined, "`LrFinderCallback` takes its options as an object"],
    ["null", null, "`LrFinderCallback` takes its options as an object"],
    ["a field that is a number", { milestones: [1], field: 5 }, "`field` of `LrFinderCallback`"],
    ["a misspelt option", { milestones: [1], minlr: 5 }, "no option `minlr`"],
    ["billions of rates", { milestones: [1], numTraining: 1e12 }, "must be at most 1000000"],
  ])("%s", (_, options, message) => {
    expect(() => new LrFinderCallback(options as never)).toThrow(FulmineError);
    expect(() => new LrFinderCallback(options as never)).toThrow(message);
  });
});
