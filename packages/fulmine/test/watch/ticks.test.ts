import { describe, expect, test } from "vitest";
import { logTicks, shortNumber } from "../../src/watch/page/ticks.js";

describe("the ticks of a logarithmic axis", () => {
  test.each<[from: number, to: number, ticks: readonly number[]]>([
    [1e-6, 10, [1e-6, 1e-4, 1e-2, 1]],
    [0.01, 3, [0.01, 0.1, 1]],
    [0.15, 3, [0.2, 0.5, 1, 2]],
    [0.31, 0.42, [0.32, 0.34, 0.36, 0.38, 0.4, 0.42]],
  ])("from %d to %d", (low, high, ticks) => {
    expect(logTicks(low, high)).toEqual(ticks);
  });
});

describe("a number", () => {
  test("is short", () => {
    const numbers = [0, 1, -2.5, 1 / 3, 123_456, 1_250_000, 0.0002, 1e-6, -1.234e-9];
    expect(numbers.map(shortNumber)).toEqual([
      ...["0", "1", "-2.5", "0.3333", "123500", "1.25e6", "0.0002", "1e-6", "-1.23e-9"],
    ]);
  });
});
