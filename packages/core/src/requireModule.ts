import { FulmineError } from "./fulmineError.js";
import { isObject } from "./options/requirements.js";

/**
 * Checks that what a Trainer is to run is a module.
 *
 * @param task - The run's name in messages.
 * @throws {@link FulmineError} `INVALID_MODULE`, saying how to make one of what was given.
 */
export function requireModule(module: unknown, task: string): void {
  // By its methods, for a module of another copy of the library does as well.
  if (isObject(module, "attachTrainer", "trainingStep", "configureOptimizers")) return;
  throw new FulmineError("INVALID_MODULE", `\`${task}\` takes a Module first.`, {
    received: module,
    todo: howToMake(module),
  });
}

function howToMake(given: unknown): string {
  if (typeof given === "function") return "Pass an object of the class: new Digits({ lr: 1e-3 }).";
  if (isObject(given, "attachTrainer"))
    return "It must have the methods `trainingStep` and `configureOptimizers`.";
  if (isObject(given) && "trainableWeights" in given)
    return "Make a model of tf.layers one by fromLayers(model, { loss, optimizer }).";
  return "Extend Module with `trainingStep` and `configureOptimizers`, or use fromLayers(model, { loss, optimizer }).";
}
