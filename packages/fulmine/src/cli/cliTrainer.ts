import { Trainer } from "@fulmine/core";
import { type Platform } from "@fulmine/core/plugin";
import { withLrFinder, type WithLrFinder } from "@fulmine/lr-finder";
import {
  useAccelerator,
  withAccelerator,
  withCompiledSteps,
  type Accelerator,
  type WithAccelerator,
  type WithCompiledSteps,
} from "@fulmine/runtime";
import { withSetupProgress } from "../node/withSetupProgress.js";
import { nodePlatform } from "../platform.node.js";

/** Draws on standard error: standard output is for results. */
class ErrorOutputTrainer extends Trainer {
  /** Whether Ctrl-C or another signal has stopped a run. */
  wasInterrupted = false;
  protected override readonly platform: Platform = this.#platform();

  #platform(): Platform {
    const platform = nodePlatform(process.stderr);
    const onInterrupt: Platform["onInterrupt"] = (stop) =>
      platform.onInterrupt(() => {
        this.wasInterrupted = true;
        stop();
      });
    return { ...platform, onInterrupt };
  }
}

/** The Trainer of the command line. */
export const CliTrainer: WithLrFinder<WithCompiledSteps<WithAccelerator<typeof ErrorOutputTrainer>>> =
  withLrFinder(withCompiledSteps(withAccelerator(ErrorOutputTrainer)));

/**
 * Selects the backend, and installs it where needed, before a training file creates variables.
 *
 * @throws FulmineError `UNAVAILABLE` for an accelerator that is not available.
 */
export async function prepareCli(accelerator: Accelerator = "auto"): Promise<void> {
  await withSetupProgress(process.stderr, (onProgress) =>
    useAccelerator(accelerator, { install: true, onProgress }),
  );
}

/**
 * Redirects `console.log` to standard error while something runs, so that standard output holds nothing but the command's
 * result, even when a training file prints.
 */
export async function withQuietOutput<T>(run: () => Promise<T>): Promise<T> {
  const { log, info, debug } = console;
  console.log = console.info = console.debug = (...words) => console.error(...words);
  try {
    return await run();
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
