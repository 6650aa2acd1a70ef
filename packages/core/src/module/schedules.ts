export { LrScheduler } from "../schedules/lrScheduler.js";
export { readScheduled } from "./readScheduled.js";
