export { checkCheckpoint } from "../checkpoint/checkCheckpoint.js";
export { checkSaving } from "./captureRun.js";
export { encodeCheckpoint } from "../checkpoint/checkpointFile.js";
export { makeCheckpoint } from "./captureRun.js";
export { readCheckpoint } from "../checkpoint/checkpointFile.js";
export { restoreCheckpoint } from "./restoreRun.js";
export { writeNew } from "../checkpoint/checkpointFile.js";
