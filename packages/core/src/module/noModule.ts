import { FulmineError } from "../errors/fulmineError.js";
import { isObject } from "../options/validators.js";

/**
 * The error for something that is no module, with how to make one of it; loaded when it is needed.
 *
 * @param task - The run's name in messages.
 */
export function noModule(given: unknown, task: string): FulmineError {
  return new FulmineError("INVALID_MODULE", `\`${task}\` takes a Module first.`, {
    received: given,
    todo: howToMake(given),
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
