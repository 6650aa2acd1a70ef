export { isolated } from "./isolated.js";
export { trialRun } from "./trialRun.js";
