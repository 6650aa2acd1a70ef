import { describe, expect, test } from "vitest";
import { logTicks, symlogScale } from "../../src/axes/axisScale.js";

describe("the axis of slopes", () => {
  test("is linear around zero and logarithmic on both sides", () => {
    const axis = symlogScale(-1000, 1000, 1);
    expect([axis(-1000), axis(0), axis(1000)]).toEqual([0, 0.5, 1]);
    expect(axis(1) - axis(0)).toBeCloseTo(axis(0) - axis(-1), 12);
    expect((axis(1000) - axis(100)) / (axis(100) - axis(10))).toBeCloseTo(1, 1);
    expect(axis.ticks(10)).toEqual([-1000, -100, -10, 0, 10, 100, 1000]);
    expect(axis.ticks(4)).toEqual([-1000, 0, 1000]);
  });
});

describe("ticks of a logarithmic axis", () => {
  test("are powers of ten, including both ends", () => {
    expect(logTicks(1e-7, 1, 10).major).toEqual([1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]);
  });

  test("skip decades if there is little space", () => {
    expect(logTicks(1e-8, 10, 5).major).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1]);
  });

  test("include multiples on a short axis", () => {
    expect(logTicks(0.015, 0.3, 8).major).toEqual([0.02, 0.05, 0.1, 0.2]);
  });
});
