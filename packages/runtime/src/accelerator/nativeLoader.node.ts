export { makeStepCompiler, reasonAgainstCompiling } from "../compile/stepCompiler.js";
export { loadNative } from "../native/load/loadNative.js";
export { provideNative } from "../native/load/provideNative.js";

/** Whether this platform can have a native backend. */
export const CAN_BE_NATIVE: boolean = true;
