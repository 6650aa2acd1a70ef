import { describe, expect, test } from "vitest";
import { frameOf } from "../../src/figure/frame.js";
import { linear, typical } from "../support/sweeps.js";

describe("a frame", () => {
  const labels = (data: Parameters<typeof frameOf>[0]): string[] =>
    frameOf(data)
      .ticks(20)
      .major.map(({ label }) => label);

  test("labels rates, or their exponents on a logarithmic axis", () => {
    expect(labels({ curve: typical })).toEqual(["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]);
    expect(labels({ curve: typical, x: "exponent" })).toEqual([
      "−7",
      "−6",
      "−5",
      "−4",
      "−3",
      "−2",
      "−1",
      "0",
    ]);
    expect(labels({ curve: linear, x: "exponent" })).toEqual(labels({ curve: linear }));
  });

  test("contains every curve, held-out loss, band and trial", () => {
    const far = {
      ...typical,
      lr: typical.lr.map((lr) => lr * 100),
      smoothed: typical.smoothed.map((loss) => loss - 4),
    };
    const { lrDomain, loss } = frameOf({ curve: typical, overlay: [{ label: "far", curve: far }] });
    expect(lrDomain).toEqual([typical.lr[0], far.lr.at(-1)]);
    expect(loss.domain[0]).toBeLessThan(Math.min(...far.smoothed));
    const low = typical.smoothed.map((value) => value - 2);
    const banded = frameOf({ curve: { ...typical, band: { sweeps: 2, low, high: typical.smoothed } } });
    expect(banded.loss.domain[0]).toBeLessThan(Math.min(...low));
    const trials = [{ lr: 20, loss: [2, 0], score: -7 }];
    const tried = frameOf({ curve: { ...typical, trials } });
    expect(tried.lrDomain).toEqual([typical.lr[0], 20]);
    expect(tried.loss.domain[0]).toBeLessThan(-7);
  });
});
