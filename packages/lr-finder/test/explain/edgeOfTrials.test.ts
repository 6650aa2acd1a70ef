import { expect, test } from "vitest";
import { edgeOfTrials } from "../../src/explain/edgeOfTrials.js";
import { typical } from "../support/sweeps.js";

const trial = (lr: number, score: number) => ({ lr, loss: [2, score], score });

test("a best trial at an end of the rates that were tried is said to be there, with what to do", () => {
  const trials = [trial(0.01, 1), trial(0.03, 0.8)];
  expect(edgeOfTrials({ ...typical, trials })).toBe(
    "The best trial ran at the highest rate that was tried, 0.03, so a higher one may be better: compare a fit at 0.095.",
  );
  expect(edgeOfTrials({ ...typical, trials: [trial(0.01, 0.5), ...trials.slice(1)] })).toContain(
    "the lowest rate that was tried, 0.01, so a lower one may be better: compare a fit at 3.2e-3.",
  );
  const [low = NaN] = typical.lr;
  expect(edgeOfTrials({ ...typical, trials: [trial(low, 0.5), trial(0.1, 0.6)] })).toContain(
    "lower `minLr`.",
  );
});

test("nothing is said of a best trial between others, of a single one, and where all exploded", () => {
  const between = [trial(0.01, 1), trial(0.02, 0.5), trial(0.03, 0.8)];
  for (const trials of [between, between.slice(1, 2), [trial(0.1, Infinity), trial(1, Infinity)], []])
    expect(edgeOfTrials({ ...typical, trials })).toBeNull();
});
