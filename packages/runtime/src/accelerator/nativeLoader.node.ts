import { silenceCpuBanner } from "./silenceCpuBanner.js";

export { makeStepCompiler, reasonAgainstCompiling } from "../compile/stepCompiler.js";
export { loadNative } from "../native/load/loadNative.js";
export { provideNative } from "../native/load/provideNative.js";

/** Whether this platform can have a native backend. */
export const CAN_BE_NATIVE: boolean = true;

// A program may make variables before it chooses an accelerator, on the cpu backend. If it has imported tfjs before this
// module, tfjs recommends nothing then.
silenceCpuBanner();
