import { describe, expect, test } from "vitest";
import { averageCurves } from "../../src/sweep/repeatedSweep.js";
import { curveOf } from "../support/sweeps.js";

describe("averaged curves", () => {
  test("end where and as the shortest curve ends", () => {
    const short = curveOf([3, 1, 9], "diverged");
    const long = curveOf([1, 2, 3, 4]);
    expect(averageCurves([long, short])).toMatchObject({
      ...{ lr: short.lr, loss: [2, 1.5, 6], stopped: "diverged" },
      band: { sweeps: 2, low: [1, 1, 3], high: [3, 2, 9] },
    });
    expect(averageCurves([short, curveOf([1, 1, NaN], "not-finite")])).toMatchObject({
      ...{ loss: [2, 1, NaN], stopped: "not-finite" },
    });
  });
});
