import { isObject } from "../options/validators.js";
import { safely } from "../options/checkOptions.js";

/** Whether a Trainer can run something: by its methods, for a module of another copy of the library does as well. */
export function isModule(value: unknown): boolean {
  return safely(() => isObject(value, "attachTrainer", "trainingStep", "configureOptimizers"));
}
