import { FulmineError } from "@fulmine/core";
import { setupNative, type SetupOptions } from "../build/setupNative.js";
import { hostSystem, noGpuReason } from "../host/hostSystem.js";
import { loadNative, type LoadNativeOptions, type NativeState } from "./loadNative.js";

/** Options of {@link provideNative}. */
export interface ProvideNativeOptions extends LoadNativeOptions, Pick<SetupOptions, "onProgress" | "signal"> {
  /**
   * Whether to install the native backend when it is missing.
   *
   * @defaultValue `false`
   */
  readonly install?: boolean;
}

/**
 * Loads the native backend. If it is missing and `install` is true, installs it first.
 *
 * @throws FulmineError as `loadNative` and `setupNative` do.
 */
export async function provideNative(options: ProvideNativeOptions = {}): Promise<NativeState> {
  const { flavor = "best", install = false, onProgress, signal } = options;
  try {
    return loadNative(options);
  } catch (error) {
    const hasGpu = noGpuReason() === null;
    // A set-up can't provide a missing GPU, but would download gigabytes.
    if (!install || !(error instanceof FulmineError) || (flavor === "gpu" && !hasGpu)) throw error;
    // The user must look at changed files; a set-up would replace them.
    if (error.code === "UNTRUSTED") throw error;
    await setupNative({
      gpu: flavor === "gpu" || (flavor === "best" && hasGpu && hostSystem().arch === "x64"),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
    return loadNative(options);
  }
}
