import type { Callback } from "../module/callback.js";
import { FulmineError } from "../errors/fulmineError.js";
import { isListOf, isObject } from "../options/validators.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import { ModelSummary } from "./modelSummary.js";
import { ProgressBar, ProgressReporter } from "./progress.js";

/**
 * Collects all callbacks of a fit: the Trainer's, the module's, and those that options ask for unless one of their kind
 * exists.
 *
 * @param own - The result of the module's `configureCallbacks`.
 * @throws FulmineError `INVALID_OPTION` when `enableCheckpointing` is false and a callback saves checkpoints, when two
 * callbacks have the same `stateKey`, or when two replace the weights at the end of training.
 */
export async function fitCallbacks(
  options: TrainerOptions,
  trainers: readonly Callback[],
  own: unknown = [],
): Promise<readonly Callback[]> {
  const {
    accumulateGradBatches,
    enableCheckpointing,
    enableModelSummary = true,
    maxTime,
    onProgress,
  } = options;
  requireCallbacks(own);
  const given = [...trainers, ...own];
  const isGiven = (type: new (...args: never) => Callback): boolean =>
    given.some((callback) => callback instanceof type);
  const savers = given.filter(({ role }) => role === "checkpoint");
  if (enableCheckpointing === false && savers.length > 0) {
    throw new FulmineError(
      "INVALID_OPTION",
      "`enableCheckpointing` is false, and a callback saves checkpoints.",
      {
        received: savers,
        todo: "Leave out the one or the other.",
      },
    );
  }
  const callbacks = [...given];
  if (typeof accumulateGradBatches === "object") {
    const { GradientAccumulationScheduler } = await import("./gradientAccumulationScheduler.js");
    callbacks.push(new GradientAccumulationScheduler({ scheduling: accumulateGradBatches }));
  }
  if (maxTime !== undefined) {
    const { Timer } = await import("./timer.js");
    callbacks.push(new Timer({ duration: maxTime, stateKey: "maxTime" }));
  }
  if (enableModelSummary && !isGiven(ModelSummary)) callbacks.push(new ModelSummary());
  if (onProgress !== undefined) {
    callbacks.push(new ProgressReporter(onProgress));
  } else if (!isGiven(ProgressBar)) callbacks.push(new ProgressBar(given));
  if (enableCheckpointing === true && savers.length === 0) {
    const { ModelCheckpoint } = await import("./modelCheckpoint/modelCheckpoint.js");
    callbacks.push(new ModelCheckpoint());
  }
  checkKeys(callbacks);
  checkReplacing(callbacks);
  return callbacks;
}

function requireCallbacks(own: unknown): asserts own is readonly Callback[] {
  if (isListOf(own, (callback) => isObject(callback))) return;
  throw new FulmineError("INVALID_MODULE", "`configureCallbacks` must return a list of callbacks.", {
    received: own,
    todo: 'Return e.g. [new EarlyStopping({ monitor: "val_loss" })].',
  });
}

function checkKeys(callbacks: readonly Callback[]): void {
  const keys = callbacks.flatMap(({ stateKey }) => stateKey ?? []);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice === undefined) return;
  throw new FulmineError("INVALID_OPTION", "Two `callbacks` have the same `stateKey`.", {
    received: twice,
    todo: "Leave one out, or give it another `stateKey`.",
  });
}

function checkReplacing(callbacks: readonly Callback[]): void {
  const replacing = callbacks.filter(({ replacesWeights }) => replacesWeights === true);
  if (replacing.length < 2) return;
  throw new FulmineError(
    "INVALID_OPTION",
    "Two `callbacks` replace the module's weights when training ends.",
    {
      received: replacing.map(({ constructor }) => constructor.name),
      todo:
        "Leave one out. WeightAveraging leaves the average, and EarlyStopping with `restoreBest` the best weights. The best " +
        'average is in the checkpoint of a ModelCheckpoint: trainer.test(model, data, { checkpoint: "best" }).',
    },
  );
}
