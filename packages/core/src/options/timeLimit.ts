import { isObject, type Validator } from "./validators.js";

/** A length of time: Lightning's `"DD:HH:MM:SS"`, or its parts. */
export type TimeLimit =
  | string
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number };

const parts: readonly string[] = ["days", "hours", "minutes", "seconds"];

/** What a {@link TimeLimit} must be. */
export const timeLimit: Validator = {
  expected: '"DD:HH:MM:SS" or an object with days, hours, minutes or seconds',
  test: (value) =>
    typeof value === "string"
      ? /^\d+:\d\d:\d\d:\d\d$/.test(value)
      : isObject(value) &&
        Object.keys(value).length > 0 &&
        Object.entries(value).every(
          ([part, amount]) => parts.includes(part) && typeof amount === "number" && amount >= 0,
        ),
};
