export { setupNative, type SetupOptions, type SetupResult } from "./native/build/setupNative.js";
export type { OnSetupProgress, SetupPhase, SetupProgress } from "./native/build/setupProgress.js";
export { loadNative, type LoadNativeOptions, type NativeState } from "./native/load/loadNative.js";
export { diagnose, type Diagnosis } from "./doctor/diagnose.js";
export type { MeasuredStep } from "./doctor/measureStep.js";
export type { NativeBuild } from "./native/cache/nativeBuild.js";
export { DEFAULT_TENSORFLOW, type NativeFlavor } from "./native/cache/nativeTarget.js";
export { cacheFolder } from "./native/cache/cacheFolder.js";
