import { isObject, type Validator } from "./validators.js";

/** A duration: Lightning's `"DD:HH:MM:SS"`, or an object with its parts, e.g. `{ hours: 8 }`. */
export type TimeLimit =
  | string
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number };

/** Milliseconds per unit. */
const units: Readonly<Record<string, number>> = { days: 864e5, hours: 36e5, minutes: 6e4, seconds: 1e3 };

/** A {@link TimeLimit}. */
export const timeLimit: Validator = {
  expected: '"DD:HH:MM:SS" or an object with days, hours, minutes or seconds',
  test: (value) =>
    typeof value === "string"
      ? /^\d+:\d\d:\d\d:\d\d$/.test(value)
      : isObject(value) &&
        Object.keys(value).length > 0 &&
        Object.entries(value).every(
          ([unit, amount]) => Object.hasOwn(units, unit) && typeof amount === "number" && amount >= 0,
        ),
};

/** A duration in milliseconds. */
export function millisecondsOf(limit: TimeLimit): number {
  if (typeof limit === "string") {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = limit.split(":").map(Number);
    return millisecondsOf({ days, hours, minutes, seconds });
  }
  return Object.entries(limit).reduce((sum, [unit, amount]) => sum + (units[unit] ?? 0) * amount, 0);
}
