import type { Callback } from "../callback.js";
import type { Display } from "../display.js";
import type { TrainerOptions } from "../trainerOptions.js";
import { gradientAccumulationScheduler } from "./gradientAccumulationScheduler.js";
import { modelSummary } from "./modelSummary.js";
import { progressPrinter } from "./progressPrinter.js";
import { timer } from "./timer.js";

/** The callbacks that a fit's options stand for. */
export function defaultCallbacks(options: TrainerOptions, display: Display): Callback[] {
  const { accumulateGradBatches, enableModelSummary = true, maxTime } = options;
  return [
    ...(typeof accumulateGradBatches === "object"
      ? [gradientAccumulationScheduler(accumulateGradBatches)]
      : []),
    ...(maxTime === undefined ? [] : [timer(maxTime)]),
    ...(enableModelSummary ? [modelSummary()] : []),
    progressPrinter(display),
  ];
}
