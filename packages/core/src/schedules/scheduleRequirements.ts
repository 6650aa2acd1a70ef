import { isListOf, isObject, optional, type Validator } from "../options/validators.js";

/** A schedule, or nothing. */
export const perhapsSchedule: Validator = /* @__PURE__ */ optional({
  expected: "a schedule",
  test: (value) => isObject(value, "next"),
  todo: "Pass e.g. stepLr({ stepSize: 10 }).",
});

/** At least one schedule. */
export const someSchedules: Validator = {
  expected: "a list of at least one schedule",
  test: (value) => isListOf(value, (rule) => isObject(rule, "next")) && value.length > 0,
};
