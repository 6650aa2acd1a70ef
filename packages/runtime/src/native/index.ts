export { setupNative, type SetupOptions, type SetupResult } from "./setupNative.js";
export type { OnSetupProgress, SetupPhase, SetupProgress } from "./setupProgress.js";
export { loadNative, type LoadNativeOptions, type NativeState } from "./loadNative.js";
export { diagnose, type Diagnosis } from "./diagnose.js";
export type { NativeBuild } from "./nativeBuild.js";
export { DEFAULT_TENSORFLOW, type NativeFlavor } from "./nativeTarget.js";
export { cacheFolder } from "./cacheFolder.js";
