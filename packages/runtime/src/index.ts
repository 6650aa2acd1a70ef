export { useAccelerator, type AcceleratorOptions } from "./accelerator/useAccelerator.js";
export type { Accelerator, AcceleratorReport } from "./accelerator/acceleratorReport.js";
export { repairWasm } from "./wasm/repairWasm.js";
export type { LoadWasmOptions } from "./wasm/loadWasm.js";
export type { NativeBuild } from "./native/cache/nativeBuild.js";
export type { OnSetupProgress, SetupPhase, SetupProgress } from "./native/build/setupProgress.js";
export {
  withAccelerator,
  type AcceleratorHost,
  type AcceleratorTrainer,
  type AcceleratorTrainerOptions,
  type WithAccelerator,
} from "./withAccelerator.js";
export type { CompiledStepReport } from "./compile/compileReport.js";
export {
  withCompiledSteps,
  type CompileExplanation,
  type CompileHost,
  type CompileTrainer,
  type CompileTrainerOptions,
  type WithCompiledSteps,
} from "./withCompiledSteps.js";

declare module "@fulmine/core" {
  interface ErrorCodes {
    /** Installing or compiling the native backend failed. */
    SETUP_FAILED: true;
    /** A file is not what it should be, or other users could have changed it. */
    UNTRUSTED: true;
    /** A step could not be compiled although `compile` is `true`. */
    NOT_COMPILED: true;
  }
}
