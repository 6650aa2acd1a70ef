export * from "@fulmine/core";
export * from "@fulmine/lr-finder";
export * from "@fulmine/runtime";
export { prepareRuntime } from "./prepareRuntime.js";
export { Trainer } from "./trainer.js";
