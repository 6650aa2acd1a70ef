import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { RandomState } from "@fulmine/core";

describe("a whole number below a limit", () => {
  test.each([1, 2, 3, 10, 1000, 2 ** 31 - 1, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32 - 1, 2 ** 32])(
    "of %d is the very one that pure-rand draws",
    (limit) => {
      const generator = xoroshiro128plus(7);
      const expected = Array.from({ length: 500 }, () => uniformInt(generator, 0, limit - 1));
      const random = new RandomState(7);
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
