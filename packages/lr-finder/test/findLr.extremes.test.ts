import { Trainer as CoreTrainer } from "@fulmine/core";
import { LrFinder, withLrFinder } from "@fulmine/lr-finder";
import { expect, test } from "vitest";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

test("a search with the maximum number of rates ends as soon as it is aborted", async () => {
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
  "rates from %s to %s, outside the range of float32, can be swept, read and drawn",
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
