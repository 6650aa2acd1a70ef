import { NATIVE_ONLY } from "./compileReport.js";
import { nativeBackend } from "./nativeBackend.js";
import { StepCompiler, type StepCompilerOptions } from "./stepCompiler.js";

/** Makes a runner that compiles steps. */
export function makeStepCompiler(options: StepCompilerOptions): StepCompiler {
  return new StepCompiler(options);
}

/** Gets the reason why steps can't be compiled on the active backend; `null` when they can. */
export function reasonAgainstCompiling(): string | null {
  return nativeBackend() === null ? NATIVE_ONLY : null;
}
