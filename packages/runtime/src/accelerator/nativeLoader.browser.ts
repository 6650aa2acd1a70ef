import { FulmineError } from "@fulmine/core";
import { NATIVE_ONLY } from "../compile/compileReport.js";
import type {
  makeStepCompiler as MakeStepCompiler,
  reasonAgainstCompiling as ReasonAgainstCompiling,
} from "../compile/stepCompiler.js";
import type { loadNative as LoadNative } from "../native/load/loadNative.js";
import type { provideNative as ProvideNative } from "../native/load/provideNative.js";

/** Whether this platform can have a native backend. */
export const CAN_BE_NATIVE: boolean = false;

/** Replaces `loadNative` outside Node; always throws. */
export const loadNative: typeof LoadNative = () => {
  throw unavailable();
};

/** Replaces `provideNative` outside Node; always rejects. */
export const provideNative: typeof ProvideNative = () => Promise.reject(unavailable());

/** Replaces `makeStepCompiler` outside Node. It is never called, because {@link reasonAgainstCompiling} returns a reason. */
export const makeStepCompiler: typeof MakeStepCompiler = () => {
  throw unavailable();
};

/** Gets the reason why steps can't be compiled outside Node. */
export const reasonAgainstCompiling: typeof ReasonAgainstCompiling = () => NATIVE_ONLY;

function unavailable(): FulmineError {
  return new FulmineError("UNAVAILABLE", "The native backend runs in Node only.", {
    todo: 'Use the accelerator "webgpu", "wasm" or "auto" here.',
  });
}
