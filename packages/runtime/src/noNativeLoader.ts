import { FulmineError } from "@fulmine/core";
import type { loadNative as LoadNative } from "./native/loadNative.js";
import type { provideNative as ProvideNative } from "./native/provideNative.js";

/** Stands in for the native loader outside Node: always throws. */
export const loadNative: typeof LoadNative = () => {
  throw unavailable();
};

/** Stands in for the native loader that may install, outside Node: always rejects. */
export const provideNative: typeof ProvideNative = () => Promise.reject(unavailable());

function unavailable(): FulmineError {
  return new FulmineError("UNAVAILABLE", "The native backend runs in Node only.", {
    todo: 'Use the accelerator "webgpu", "wasm" or "auto" here.',
  });
}
