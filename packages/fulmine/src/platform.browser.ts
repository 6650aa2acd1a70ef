import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import type { SetupProgress } from "@fulmine/runtime/node";

/** The browser's platform: prints plain lines; a page stops a Trainer with an `AbortSignal`. */
export const platform: Platform = portablePlatform;

/** Runs an installation without showing progress: a browser installs nothing. */
export function showSetup<T>(
  install: (onProgress: (progress: SetupProgress) => void) => Promise<T>,
): Promise<T> {
  return install(() => undefined);
}
