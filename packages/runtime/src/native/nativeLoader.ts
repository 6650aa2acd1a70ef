export { loadNative } from "./loadNative.js";
export { provideNative } from "./provideNative.js";
