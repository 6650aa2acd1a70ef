import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { rules, type Rule } from "../../src/rules/rules.js";

const named = Object.entries(rules);

/** Any float32 losses, with an optional last loss that is not finite. */
const anyLosses = fc
  .tuple(
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 200 }),
    fc.constantFrom(undefined, NaN, Infinity, -Infinity),
  )
  .map(([losses, last]) => (last === undefined ? losses : [...losses, last]));

/** Positive losses of ordinary size. */
const someLosses = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), {
  minLength: 20,
  maxLength: 120,
});

function curveFrom(losses: readonly number[], mode: Curve["mode"], smoothed = losses): Curve {
  const lr = losses.map((_, k) => (mode === "exponential" ? 1e-8 * 1.2 ** k : 0.001 * (k + 1)));
  return {
    mode,
    lr,
    loss: losses,
    smoothed,
    stopped: losses.every(Number.isFinite) ? "finished" : "not-finite",
  };
}

const curves = fc
  .tuple(anyLosses, fc.constantFrom("exponential" as const, "linear" as const))
  .map(([losses, mode]) => curveFrom(losses, mode));

describe.each(named)("the rule %s", (name, rule: Rule) => {
  test("answers any curve with a rate inside its range or with a reason", () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const said = rule(curve);
        expect(said.rule).toBe(name);
        if (said.lr === null) {
          expect(["flat", "diverged-at-once", "too-few-points", "not-finite"]).toContain(said.reason);
          return;
        }
        const [low, high] = said.range;
        expect(low).toBeLessThanOrEqual(said.lr);
        expect(high).toBeGreaterThanOrEqual(said.lr);
        expect(low).toBeGreaterThan(0);
        const sweepLow = curve.lr[0] ?? NaN;
        expect(said.lr).toBeGreaterThanOrEqual(name === "minimum" ? sweepLow / 10 : sweepLow);
        expect(said.lr).toBeLessThanOrEqual(curve.lr.at(-1) ?? NaN);
        expect(curve.lr[said.index]).toBeDefined();
      }),
    );
  });

  test("is a pure function", () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const before = structuredClone(curve);
        const said = rule(curve);
        expect(rule(curve)).toEqual(said);
        expect(curve).toEqual(before);
      }),
    );
  });
});

// slide compares slopes with an absolute threshold, so that it depends on the unit of the loss.
describe.each(named.filter(([name]) => name !== "slide"))("the rule %s", (_, rule: Rule) => {
  test("does not depend on the unit of the loss", () => {
    fc.assert(
      fc.property(someLosses, fc.constantFrom(1 / 1024, 0.5, 2, 4096), (losses, unit) => {
        // Powers of two are exact, so that ties stay ties.
        const other = losses.map((loss) => loss * unit);
        expect(rule(curveFrom(other, "exponential")).lr).toBe(rule(curveFrom(losses, "exponential")).lr);
      }),
    );
  });
});
