import { Trainer, type Platform } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { withLrFinder, type WithLrFinder } from "@fulmine/lr-finder";
import {
  useAccelerator,
  withAccelerator,
  withCompiledSteps,
  type Accelerator,
  type WithAccelerator,
  type WithCompiledSteps,
} from "@fulmine/runtime";
import { onInterrupt } from "../node/onInterrupt.js";
import { setupPrinter } from "../node/setupPrinter.js";
import { terminalDisplay } from "../node/terminalDisplay.js";

/** Speaks on standard error: standard output is for results. */
class ErrorOutputTrainer extends Trainer {
  protected override readonly platform: Platform = {
    display: terminalDisplay(process.stderr),
    files: nodeFiles,
    onInterrupt,
  };
}

/** The Trainer of the command line. */
export const CliTrainer: WithLrFinder<WithCompiledSteps<WithAccelerator<typeof ErrorOutputTrainer>>> =
  withLrFinder(withCompiledSteps(withAccelerator(ErrorOutputTrainer)));

/**
 * Loads what is computed on, before a training file makes its variables there.
 *
 * @throws FulmineError `INVALID_OPTION` for an unknown accelerator, `UNAVAILABLE` when it can't be had.
 */
export async function prepareCli(accelerator = "auto"): Promise<void> {
  const printer = setupPrinter(process.stderr);
  let isDone = false;
  try {
    await useAccelerator(accelerator as Accelerator, { install: true, onProgress: printer.update });
    isDone = true;
  } finally {
    printer.end(isDone);
  }
}
