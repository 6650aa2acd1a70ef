import { expect, test } from "vitest";
import {
  adam,
  constantLr,
  oneCycleLr,
  sequentialLr,
  warmupStableDecayLr,
  type ScheduleRule,
} from "@fulmine/core";
import { ratesBefore, unusedField } from "../src/plannedRates.js";

/** The warning after a search that changed the rate from 0.01 to 0.1. */
function warning(
  schedule: (lr: number) => ScheduleRule,
  ratesOf = (lr: number): number => lr,
): string | null {
  const [before, after] = [0.01, 0.1].map((lr) => ratesBefore(adam({ lr: ratesOf(lr) }), schedule(lr)));
  if (before === undefined || after === undefined) throw new Error("unreachable");
  return unusedField(before, after, "lr");
}

const fixed = (): number => 1e-3;
const warmedUp = (lr: number): ScheduleRule => ({
  name: "warmed-up",
  first: () => ({ lr: 1e-7 }),
  next: ({ step }) => ({ lr: step < 600 ? 1e-7 : lr }),
});
const needy = (rateOf: (totalSteps: number) => number): ScheduleRule => ({
  name: "needy",
  needsTotalSteps: true,
  next({ totalSteps }) {
    if (totalSteps === undefined) throw new Error("needs the length of the run");
    return { lr: rateOf(totalSteps) };
  },
});

test("a schedule that comes to the found rate after a warm-up of its own uses it", () => {
  expect(warning(warmedUp)).toBeNull();
  expect(warning(warmedUp, fixed)).toBeNull();
  const late = (lr: number): ScheduleRule =>
    sequentialLr({
      schedules: [constantLr(), oneCycleLr({ totalSteps: 9, maxLr: lr })],
      milestones: [4],
    });
  expect(warning(late, fixed)).toBeNull();
});

test("a schedule that needs the length of the run is read as if it were known", () => {
  expect(warning((lr) => needy(() => lr), fixed)).toBeNull();
  expect(warning(() => warmupStableDecayLr({ warmupSteps: 3 }))).toBeNull();
  expect(warning(() => needy((totalSteps) => 1 / totalSteps))).toBeNull();
  expect(warning(() => ({ ...needy((totalSteps) => 1 / totalSteps), first: () => ({ lr: 0.2 }) }))).toMatch(
    /^The schedule needy sets rates that do not depend on hparams\.lr/,
  );
  expect(warning(() => needy((totalSteps) => 1 / totalSteps), fixed)).toMatch(
    /does not use hparams\.lr: the rate of adam still begins at 0\.001/,
  );
});

test("a schedule whose rates can't be known is not warned of", () => {
  const failing = (): ScheduleRule => ({
    name: "failing",
    first() {
      throw new Error("not yet");
    },
    next: ({ lr }) => ({ lr }),
  });
  expect(warning(failing)).toBeNull();
  expect(warning(failing, fixed)).toBeNull();
});
