export { checkCheckpoint } from "./checkCheckpoint.js";
export { checkSaving } from "./checkSaving.js";
export { encodeCheckpoint } from "./checkpointFile.js";
export { makeCheckpoint } from "./makeCheckpoint.js";
export { saveSnapshot } from "../optim/saveSnapshot.js";
export { toSnapshot } from "../optim/optimizerStateDict.js";
export { readCheckpoint } from "./readCheckpoint.js";
export { restoreCheckpoint } from "./restoreCheckpoint.js";
