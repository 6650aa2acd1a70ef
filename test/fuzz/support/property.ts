import fc from "fast-check";
import { test } from "vitest";
import type { End } from "./endOf.js";
import { outcome } from "./outcome.js";

/** In how many cases in all the properties are tried when nobody says otherwise, and how many are wanted now. */
const USUAL = 3000;
const { FULMINE_FUZZ_RUNS = String(USUAL), FULMINE_FUZZ_PATH: path } = process.env;
const wanted = Number(FULMINE_FUZZ_RUNS);

/** A case that takes longer hangs. */
const HANGS = 30_000;

declare module "vitest" {
  interface TaskMeta {
    /** In how many cases a property was tried. */
    cases?: number;
  }
}

/**
 * A test of a property, in as many cases as its part of all cases is.
 *
 * In each case the body must end well, or refuse by a `FulmineError` that can be read, and leave nothing behind.
 *
 * @param cases - How many of the usual 3,000 cases it gets.
 * @param ended - Is told of each case how it ended; may demand more of it.
 */
export function property<T>(
  name: string,
  cases: number,
  arbitrary: fc.Arbitrary<T>,
  body: (value: T) => unknown,
  ended: (end: End, value: T) => void = () => undefined,
): void {
  const numRuns = Math.max(1, Math.round((cases * wanted) / USUAL));
  test(
    name,
    async ({ task }) => {
      const holds = fc.asyncProperty(arbitrary, async (value) =>
        ended(await outcome(() => body(value)), value),
      );
      const settings = { numRuns, timeout: HANGS, ...(path === undefined ? {} : { path }) };
      const details = await fc.check(holds, settings);
      task.meta.cases = details.numRuns;
      if (!details.failed) return;
      const again = `npm run test:fuzz -- --seed ${details.seed} --path ${details.counterexamplePath ?? ""} --only "${name}"`;
      const { errorInstance: cause } = details;
      const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      throw new Error(
        `${await fc.asyncDefaultReportMessage(details)}\n\n${reason}\n\nTo repeat it: ${again}`,
      );
    },
    60_000 + numRuns * 1000,
  );
}
