// For authors of plug-ins: everything of all packages.
export * from "@fulmine/batch-size-finder";
export * from "@fulmine/core";
export * from "@fulmine/core/plugin";
export * from "@fulmine/figure";
export * from "@fulmine/lr-finder";
export * from "@fulmine/runtime";
// With the files of the platform, unlike that of the core.
export { loadCheckpoint } from "./loadCheckpoint.js";
export { prepareRuntime } from "./prepareRuntime.js";
export { Trainer } from "./trainer.js";
