export { loadNative } from "./loadNative.js";
export { provideNative } from "./provideNative.js";
export { makeStepCompiler, reasonAgainstCompiling } from "../compile/makeStepCompiler.js";

/** Whether there can be a native backend here. */
export const CAN_BE_NATIVE: boolean = true;
