import { FulmineError } from "../errors/fulmineError.js";
import { isObject } from "../options/validators.js";
import { safely } from "../options/checkOptions.js";

/** Tells whether a Trainer can run a value. It tests for methods, so it accepts modules of another copy of the library. */
export function isModule(value: unknown): boolean {
  return safely(() => isObject(value, "attachTrainer", "trainingStep", "configureOptimizers"));
}

/**
 * Creates the error for a value that is not a module, with advice on how to make it one.
 *
 * @param task - The name of the run, e.g. `"fit"`.
 */
export function notAModule(given: unknown, task: string): FulmineError {
  return new FulmineError("INVALID_MODULE", `\`${task}\` takes a Module first.`, {
    received: given,
    todo: adviceFor(given),
  });
}

function adviceFor(given: unknown): string {
  if (typeof given === "function") return "Pass an instance of the class: new Digits({ lr: 1e-3 }).";
  if (isObject(given, "attachTrainer"))
    return "It must have the methods `trainingStep` and `configureOptimizers`.";
  if (isObject(given) && "trainableWeights" in given)
    return "Convert a model of tf.layers with fromLayers(model, { loss, optimizer }).";
  return "Extend Module with `trainingStep` and `configureOptimizers`, or use fromLayers(model, { loss, optimizer }).";
}
