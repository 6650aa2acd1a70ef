export { useAccelerator, type AcceleratorOptions } from "./accelerator/useAccelerator.js";
export type { Accelerator, AcceleratorReport } from "./accelerator/acceleratorReport.js";
export type { LoadWasmOptions } from "./wasm/loadWasm.js";
export { setupNative, type SetupOptions, type SetupResult } from "./native/build/setupNative.js";
export type { OnSetupProgress, SetupPhase, SetupProgress } from "./native/build/setupProgress.js";
export { loadNative, type LoadNativeOptions, type NativeState } from "./native/load/loadNative.js";
export {
  fileSystem,
  node,
  type SavedModelGraph,
  type SavedModelSignature,
  type SummaryFileWriter,
  type TfjsFitCallback,
  type TfNode,
} from "./native/load/tfNode.js";
export { diagnose, type Diagnosis } from "./doctor/diagnose.js";
export type { MeasuredFit } from "./doctor/measureFit.js";
export type { NativeBuild } from "./native/cache/nativeBuild.js";
export { DEFAULT_TENSORFLOW, type NativeFlavor } from "./native/cache/nativeTarget.js";
export { cacheFolder } from "./native/cache/cacheFolder.js";
