import { useAccelerator, type Accelerator, type AcceleratorReport } from "@fulmine/runtime";
import { platform, setupProgress } from "#platform";

/**
 * Gets everything ready to compute on: installs the native backend where it is missing and can be had, shows how that
 * goes, picks the backend, and says in one line what was chosen and why nothing better.
 *
 * The first call on a machine may take a minute or two; what it installs is kept per user, so that later ones take about
 * a second. A Trainer that runs afterwards keeps the backend.
 *
 * @param accelerator - What to compute on. @defaultValue "auto"
 * @throws {@link FulmineError} `UNAVAILABLE` when an accelerator other than `"auto"` can't be had.
 */
export async function prepareRuntime(accelerator: Accelerator = "auto"): Promise<AcceleratorReport> {
  const started = performance.now();
  const progress = setupProgress();
  let isDone = false;
  try {
    const report = await useAccelerator(accelerator, { install: true, onProgress: progress.update });
    isDone = true;
    return report;
  } finally {
    progress.end(isDone);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    platform.display.info(`Runtime ${isDone ? "ready" : "not available"} after ${seconds} s`);
  }
}
