export { encodeCheckpoint } from "./checkpointFile.js";
export { makeCheckpoint } from "./makeCheckpoint.js";
export { readCheckpoint } from "./readCheckpoint.js";
export { restoreCheckpoint } from "./restoreCheckpoint.js";
