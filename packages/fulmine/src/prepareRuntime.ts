import { useAccelerator, type Accelerator, type AcceleratorReport } from "@fulmine/runtime";
import { platform, showSetup } from "#platform";

/**
 * Prepares the backend: installs the native backend where it is missing and available, shows the progress, selects a
 * backend, and prints in one line which one was chosen and why no faster one.
 *
 * The first call on a machine may take a minute or two. The installation is kept per user, so later calls take about a
 * second. A Trainer that runs afterwards keeps the backend.
 *
 * @param accelerator - The accelerator to compute on. @defaultValue "auto"
 * @throws FulmineError `UNAVAILABLE` when an accelerator other than `"auto"` is not available.
 */
export async function prepareRuntime(accelerator: Accelerator = "auto"): Promise<AcceleratorReport> {
  const started = performance.now();
  let isReady = false;
  try {
    const report = await showSetup((onProgress) =>
      useAccelerator(accelerator, { install: true, onProgress }),
    );
    isReady = true;
    return report;
  } finally {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    platform.display.info(`Runtime ${isReady ? "ready" : "not available"} after ${seconds} s`);
  }
}
