export { LrScheduler } from "./lrScheduler.js";
export { readScheduled } from "./readScheduled.js";
