import { expect, test } from "vitest";
import type { Curve, RateTrial } from "../../src/curve/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import { typical } from "../support/sweeps.js";

const trial = (lr: number, score: number, ...loss: number[]): RateTrial => ({ lr, loss, score });

const odd: Curve = {
  ...{ mode: "exponential", stopped: "not-finite", lr: [1e-8, 0.1, 0.3] },
  optimizer: { name: "sgd", weights: 50, momentum: 0.9 },
  ...{ loss: [-0, 0.1 + 0.2, NaN], smoothed: [5e-324, -Infinity, NaN] },
  ...{ valLoss: [1.7976931348623157e308, NaN, NaN], valSmoothed: [1, NaN, NaN] },
  band: { sweeps: 3, low: [-1, NaN, NaN], high: [2, NaN, Infinity] },
  ...{ trials: [trial(1e-8, 1.5, 1, 2), trial(0.1, 2.5, 3), trial(0.2, Infinity, 2, 1, Infinity)] },
};

test("CSV has named columns, with rows of the sweep first and then rows of the trials", () => {
  const lines = new LrFinder(odd).toCsv().split("\n");
  expect(lines[0]).toBe(
    "part,run,step,lr,loss,smoothed,valLoss,valSmoothed,low,high,score,mode,stopped,sweeps,optimizer,weights,momentum,rules",
  );
  expect(lines[2]).toBe(
    "sweep,0,1,0.1,0.30000000000000004,-Infinity,NaN,NaN,NaN,NaN,,exponential,not-finite,3,sgd,50,0.9,auto",
  );
  expect(lines[4]).toBe("trial,0,0,1e-8,1,,,,,,1.5,exponential,not-finite,3,sgd,50,0.9,auto");
  expect(lines).toHaveLength(1 + 3 + 3 + 3 + 1);
});

test("CSV that a spreadsheet program has saved is readable", () => {
  const text = new LrFinder(typical).toCsv();
  const quoted = text.split("\n").map((line) =>
    line
      .split(",")
      .map((cell) => (cell === "" ? "" : `"${cell}"`))
      .join(","),
  );
  expect(LrFinder.fromCsv(`\uFEFF${quoted.join("\r\n")}`).results).toEqual(typical);
});

test.each([undefined, null, 5, {}, []])("fromCsv refuses %j, which is not a string", (given) => {
  expect(() => LrFinder.fromCsv(given as never)).toThrow("This is not a saved search: it must be a string.");
});
