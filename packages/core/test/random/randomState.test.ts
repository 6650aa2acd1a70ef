import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { RandomState } from "@fulmine/core";

describe("an integer below a limit", () => {
  test.each([1, 2, 3, 10, 1000, 2 ** 31 - 1, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32 - 1, 2 ** 32])(
    "of %d is the very one that pure-rand draws",
    (limit) => {
      const random = new RandomState(7);
      const generator = xoroshiro128plusFromState(random.snapshot());
      const expected = Array.from({ length: 500 }, () => uniformInt(generator, 0, limit - 1));
      expect(Array.from({ length: 500 }, () => random.int(limit))).toEqual(expected);
    },
  );

  test("can be above what the generator draws at a time", () => {
    const random = new RandomState(7);
    const drawn = Array.from({ length: 500 }, () => random.int(2 ** 50));
    expect(drawn.every((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 50)).toBe(true);
    expect(Math.max(...drawn)).toBeGreaterThan(2 ** 49);
  });
});

describe("a seed", () => {
  test("fills the state with the outputs of SplitMix64", () => {
    // The first outputs of its authors' program for the seed 1234567: 6457827717110365317 and 3203168211198807973.
    const words = new RandomState(1234567).snapshot().map((half) => BigInt.asUintN(32, BigInt(half)));
    const [high = 0n, low = 0n, nextHigh = 0n, nextLow = 0n] = words;
    expect([(high << 32n) | low, (nextHigh << 32n) | nextLow]).toEqual([
      6457827717110365317n,
      3203168211198807973n,
    ]);
  });

  test("of all 53 bits counts", () => {
    const seeds = [1, 2 ** 32 + 1, 2 ** 40 + 1, -1, 2 ** 32 - 1];
    expect(new Set(seeds.map((seed) => new RandomState(seed).float())).size).toBe(seeds.length);
  });

  test("gives first numbers that are spread evenly and unrelated to its neighbours'", () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => new RandomState(seed).float());
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => firsts.filter((x) => Math.floor(x * 10) === tenth).length,
    );
    // 100 are expected in each tenth, with a standard deviation of 9.5.
    expect(Math.min(...tenths)).toBeGreaterThan(60);
    expect(Math.max(...tenths)).toBeLessThan(140);
    const products = firsts.slice(1).map((x, at) => (x - 0.5) * ((firsts[at] ?? 0) - 0.5) * 12);
    const correlation = products.reduce((sum, product) => sum + product, 0) / products.length;
    expect(Math.abs(correlation)).toBeLessThan(0.1);
  });

  test("that is not an integer is an error", () => {
    expect(() => new RandomState(0.5)).toThrow(
      "The seed of a `RandomState` must be an integer. Received: 0.5",
    );
    expect(() => new RandomState(NaN)).toThrow("must be an integer. Received: NaN");
  });
});
