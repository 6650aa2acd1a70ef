export { loadNative } from "./loadNative.js";
export { provideNative } from "./provideNative.js";
export { makeStepCompiler, reasonAgainstCompiling } from "../compile/makeStepCompiler.js";
