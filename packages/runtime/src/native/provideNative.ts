import { FulmineError } from "@fulmine/core";
import { noGpuReason } from "./gpuDevice.js";
import { hostSystem } from "./hostSystem.js";
import { loadNative, type LoadNativeOptions, type NativeState } from "./loadNative.js";
import { setupNative, type SetupOptions } from "./setupNative.js";

/** How {@link provideNative} loads, and whether it may install. */
export interface ProvideNativeOptions extends LoadNativeOptions, Pick<SetupOptions, "onProgress" | "signal"> {
  /**
   * Whether to set up what is missing before it is loaded.
   *
   * @defaultValue `false`
   */
  readonly install?: boolean;
}

/**
 * Loads the native backend, after setting it up if it is missing and that is allowed.
 *
 * @throws FulmineError as `loadNative` and `setupNative` do.
 */
export async function provideNative(options: ProvideNativeOptions = {}): Promise<NativeState> {
  const { flavor = "best", install = false, onProgress, signal } = options;
  try {
    return loadNative(options);
  } catch (error) {
    const hasGpu = noGpuReason() === null;
    // What no set-up can mend is not set up: a GPU that is not there would cost gigabytes for nothing.
    if (!install || !(error instanceof FulmineError) || (flavor === "gpu" && !hasGpu)) throw error;
    // What somebody has changed a person is to look at.
    if (error.code === "UNTRUSTED") throw error;
    await setupNative({
      gpu: flavor === "gpu" || (flavor === "best" && hasGpu && hostSystem().arch === "x64"),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
    return loadNative(options);
  }
}
