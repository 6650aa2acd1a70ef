import { FulmineError } from "@fulmine/core";
import { NATIVE_ONLY } from "./compile/compileReport.js";
import type {
  makeStepCompiler as MakeStepCompiler,
  reasonAgainstCompiling as ReasonAgainstCompiling,
} from "./compile/makeStepCompiler.js";
import type { loadNative as LoadNative } from "./native/loadNative.js";
import type { provideNative as ProvideNative } from "./native/provideNative.js";

/** Whether there can be a native backend here. */
export const CAN_BE_NATIVE: boolean = false;

/** Stands in for the native loader outside Node: always throws. */
export const loadNative: typeof LoadNative = () => {
  throw unavailable();
};

/** Stands in for the native loader that may install, outside Node: always rejects. */
export const provideNative: typeof ProvideNative = () => Promise.reject(unavailable());

/** Stands in for the compiler of steps, outside Node: it is never asked for, for there is always a reason against it. */
export const makeStepCompiler: typeof MakeStepCompiler = () => {
  throw unavailable();
};

/** Why steps can't be compiled outside Node. */
export const reasonAgainstCompiling: typeof ReasonAgainstCompiling = () => NATIVE_ONLY;

function unavailable(): FulmineError {
  return new FulmineError("UNAVAILABLE", "The native backend runs in Node only.", {
    todo: 'Use the accelerator "webgpu", "wasm" or "auto" here.',
  });
}
