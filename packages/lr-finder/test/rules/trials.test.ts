import { describe, expect, test } from "vitest";
import { auto, type Curve, type RateTrial } from "@fulmine/lr-finder";
import { typical } from "../support/sweeps.js";
import { searchEdge } from "../../src/sweep/edgeSearch.js";
import { edgeGuess } from "../../src/rules/edgeGuess.js";

const UNTRAINED = Array.from({ length: 16 }, (_, step) => 2 + 0.3 * Math.sin(7 * step));

/** A trial whose second half lies above the untrained losses by a part of these. */
const trialAt = (lr: number, rise: number): RateTrial => ({
  lr,
  loss: UNTRAINED.map((loss) => loss + rise * 2),
});

const curve = (trials: readonly RateTrial[], refined?: readonly RateTrial[]): Curve => ({
  ...typical,
  trials,
  ...(refined === undefined ? {} : { refined }),
});

describe("auto on trials", () => {
  test("picks a sixteenth of the edge, which lies between a harmless and an exploding rate", () => {
    const trials = [trialAt(1e-6, 0), trialAt(0.1, -0.2), trialAt(0.4, 3), trialAt(1e-3, -0.1)];
    const { lr, range } = auto(curve(trials));
    expect(lr).toBeCloseTo(0.2 / 16, 6);
    expect(range?.map((rate) => Number(rate.toFixed(6)))).toEqual([0.005, 0.05]);
  });

  test("interpolates where the loss only begins to rise", () => {
    const { lr } = auto(curve([trialAt(1e-6, 0), trialAt(0.1, -0.02), trialAt(1, 0.06)]));
    expect(lr).toBeCloseTo((0.1 * 10 ** 0.5) / 16, 3);
  });

  test("takes the better end of two long trials", () => {
    const trials = [trialAt(1e-6, 0), trialAt(0.1, -0.2)];
    const falling = { lr: 3e-3, loss: Array.from({ length: 150 }, (_, step) => 2 - step / 100) };
    const exploding = { lr: 9e-3, loss: [2, 1, 0.1, NaN] };
    expect(auto(curve(trials, [falling, exploding])).lr).toBe(3e-3);
  });

  test("finds nothing where even the lowest rate harms", () => {
    expect(auto(curve([trialAt(1e-6, 0), trialAt(1e-4, 2)]))).toMatchObject({ reason: "diverged-at-once" });
  });

  test("a spike in the first half does not count", () => {
    const spike = { lr: 0.1, loss: UNTRAINED.map((loss, step) => (step < 6 ? loss * 3 : loss * 0.8)) };
    expect(auto(curve([trialAt(1e-6, 0), spike, trialAt(1, 4)])).lr).toBeCloseTo(Math.sqrt(0.1) / 16, 6);
  });
});

describe("the search for the edge", () => {
  const search = async (
    edge: number,
    guess: number,
  ): Promise<{ trials: readonly RateTrial[]; steps: number }> => {
    let steps = 0;
    const trials = await searchEdge({
      guess,
      minLr: 1e-6,
      maxLr: 10,
      steps: 80,
      tryRate: async (lr) => {
        const trial = trialAt(lr, lr > edge ? 4 : lr === 1e-6 ? 0 : -0.1);
        steps += trial.loss.length;
        return trial;
      },
    });
    return { trials, steps };
  };

  test.each([1e-4, 1e-3, 1e-2, 0.1, 1])(
    "comes near an edge at %d, from a guess a decade off",
    async (edge) => {
      for (const off of [0.1, 1, 10]) {
        const { trials, steps } = await search(edge, edge * off);
        const { lr } = auto(curve(trials));
        expect(Math.abs(Math.log10(((lr ?? NaN) * 16) / edge))).toBeLessThan(off === 1 ? 0.3 : 0.8);
        expect(steps).toBeLessThanOrEqual(80);
      }
    },
  );

  test("ends when no rate harms, and when each one does", async () => {
    expect(auto(curve((await search(Infinity, 1)).trials)).lr).toBeGreaterThan(0.1);
    expect(auto(curve((await search(1e-6, 1e-5)).trials)).lr).toBeNull();
  });

  test("begins at the last rung that is not above the untrained loss", () => {
    const lr = [1e-3, 1e-2, 1e-1, 1, 10];
    const guess = (loss: number[]): number => edgeGuess({ ...typical, lr, loss });
    expect(guess([2, 2, 2, 1.5, 9])).toBe(1);
    expect(guess([2, 2, 2, 2, NaN])).toBe(1);
    expect(guess([2, 1, 1, 1, 1])).toBe(10);
  });
});
