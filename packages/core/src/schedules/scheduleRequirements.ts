import { isListOf, isObject, optional, type Requirement } from "../options/requirements.js";

/** A schedule, or nothing. */
export const perhapsSchedule: Requirement = /* @__PURE__ */ optional({
  words: "a schedule",
  holds: (value) => isObject(value, "next"),
  todo: "Pass e.g. stepLr({ stepSize: 10 }).",
});

/** At least one schedule. */
export const someSchedules: Requirement = {
  words: "a list of at least one schedule",
  holds: (value) => isListOf(value, (rule) => isObject(rule, "next")) && value.length > 0,
};
