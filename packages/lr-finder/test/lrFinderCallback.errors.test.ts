import { FulmineError } from "@fulmine/core";
import { LrFinderCallback } from "@fulmine/lr-finder";
import { describe, expect, test } from "vitest";

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
