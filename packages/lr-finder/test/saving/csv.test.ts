import { expect, test } from "vitest";
import { LrFinder } from "../../src/lrFinder.js";
import { typical } from "../support/sweeps.js";
import { odd } from "../support/oddCurve.js";

test("CSV has named columns, with rows of the sweep first and then rows of the trials", () => {
  const lines = new LrFinder(odd).toCsv().split("\n");
  expect(lines[0]).toBe(
    "part,run,step,lr,loss,smoothed,valLoss,valSmoothed,low,high,score,mode,stopped,sweeps,optimizer,weights,momentum,rules,untrained,effectiveWeights,others",
  );
  expect(lines[2]).toBe(
    "sweep,0,1,0.1,0.30000000000000004,-Infinity,NaN,NaN,NaN,NaN,,exponential,not-finite,3,sgd,50,0.9,auto,,,",
  );
  expect(lines[4]).toBe("trial,0,0,1e-8,1,,,,,,1.5,exponential,not-finite,3,sgd,50,0.9,auto,,,");
  expect(lines).toHaveLength(1 + 3 + 3 + 3 + 1);
});

test("CSV keeps the untrained losses and the weights that count, and files without them are readable", () => {
  const optimizer = { name: "adam", weights: 50, effectiveWeights: 8, others: 1 };
  const paired = { ...typical, optimizer, untrained: typical.loss.slice(0, 60) };
  expect(LrFinder.fromCsv(new LrFinder(paired).toCsv()).results).toEqual(paired);
  expect(LrFinder.fromJSON(JSON.stringify(new LrFinder(paired))).results).toEqual(paired);
  const older = new LrFinder(typical).toCsv().replace(/,[^,\n]*,[^,\n]*,[^,\n]*$/gm, "");
  expect(older).not.toContain("untrained");
  expect(LrFinder.fromCsv(older).results).toEqual(typical);
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
