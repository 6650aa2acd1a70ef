import type * as Checkpoints from "./checkpoints.js";

/** Loads all that checkpoints need, when the first one is to be made or read: most runs have none. */
export const loadCheckpoints = (): Promise<typeof Checkpoints> => import("./checkpoints.js");
