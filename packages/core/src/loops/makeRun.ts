import { findVariables } from "../module/moduleVariables.js";
import { makeBreathe } from "../platform/breathe.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import { noData } from "./data/limitData.js";
import type { Run } from "../run/run.js";
import { eagerRunner } from "../step/stepFunction.js";

/** What is known of a run before its data and its optimizers are. */
export type RunStart<B> = Pick<Run<B>, "module" | "hooks" | "signal" | "state" | "runner">;

/** Makes a run without data and optimizers, which are still to be put into it, and loads what its options need. */
export async function makeRun<B>(start: RunStart<B>, options: TrainerOptions): Promise<Run<B>> {
  const { gradientClipVal, gradientClipAlgorithm = "norm", detectAnomaly = false } = options;
  return {
    ...start,
    variables: findVariables(start.module),
    ...{ train: noData, val: null, optimizers: [], schedulers: [] },
    clipping:
      gradientClipVal === undefined
        ? null
        : new (await import("../step/clipping.js")).Clipping(gradientClipVal, gradientClipAlgorithm),
    manual: start.module.automaticOptimization ? null : await import("./manualOptimization.js"),
    // What looks at every operation needs every operation to be run.
    runner: detectAnomaly ? eagerRunner : start.runner,
    detectAnomaly: detectAnomaly ? await import("../step/anomaly.js") : null,
    breathe: makeBreathe(),
  };
}
