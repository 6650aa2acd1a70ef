export { checkCheckpoint } from "../checkpoint/checkCheckpoint.js";
export { checkSaving } from "./checkSaving.js";
export { encodeCheckpoint } from "../checkpoint/checkpointFile.js";
export { makeCheckpoint } from "./makeCheckpoint.js";
export { readCheckpoint } from "../checkpoint/readCheckpoint.js";
export { restoreCheckpoint } from "./restoreCheckpoint.js";
export { writeNew } from "../checkpoint/writeNew.js";
