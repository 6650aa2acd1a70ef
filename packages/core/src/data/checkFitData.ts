import { FulmineError } from "../errors/fulmineError.js";
import { DATALOADERS } from "./dataloaders.js";

/** The parts of a data set. A fit reads the first two and ignores the others, which `test` and `predict` read. */
const PARTS: readonly string[] = ["train", "val", "test", "predict"];

/** Names that other libraries use for validation data, and likely misspellings. */
const VALIDATION_LIKE = /^(v|valid|validat|eval|held|dev)/i;

/** Names that look like a dataloader's. */
const LOADER_LIKE = /^(train|val|valid|validation|test|predict)(ing)?_?data_?loaders?$/i;

/**
 * Checks that every part of a fit's data is one that a Trainer reads.
 *
 * Instances of classes are not checked, because they may have other properties.
 *
 * @throws FulmineError `INVALID_DATA` if the data is no object; `UNKNOWN_OPTION` if a part is unknown.
 */
export function checkFitData(data: unknown): asserts data is object {
  const todo = "Pass { train, val }, or define `trainDataloader` on the module.";
  if (typeof data !== "object" || data === null)
    throw new FulmineError("INVALID_DATA", "The data of a fit must be { train, val }.", {
      received: data,
      todo,
    });
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) return;
  const parts: readonly (readonly [string, unknown])[] = Object.entries(data);
  const unknown = parts.find(([part, value]) => value !== undefined && !PARTS.includes(part));
  if (unknown === undefined) return;
  const [part, received] = unknown;
  throw new FulmineError("UNKNOWN_OPTION", `The data of a fit has no part \`${part}\`.`, {
    received,
    todo: VALIDATION_LIKE.test(part)
      ? "Validation data is called `val`, and is no fraction of `train`: pass { train, val }."
      : "Its parts are `train` and `val`; `test` and `predict` are read by those methods.",
  });
}

/**
 * Checks that no method has a name that merely looks like a dataloader's, because nothing would call it.
 *
 * @throws FulmineError `INVALID_DATA`, with the name.
 */
export function checkDataloaders(loaders: object): void {
  for (
    let part: unknown = loaders;
    typeof part === "object" && part !== null && part !== Object.prototype;
    part = Object.getPrototypeOf(part)
  ) {
    const odd = Object.getOwnPropertyNames(part).find(
      (name) => LOADER_LIKE.test(name) && !DATALOADERS.includes(name) && isMethod(part, name),
    );
    if (odd === undefined) continue;
    throw new FulmineError("INVALID_DATA", `\`${odd}\` is no dataloader's name, so it would not be called.`, {
      todo: `The names are: ${DATALOADERS.join(", ")}.`,
    });
  }
}

/** Tells whether a property is a function, without calling a getter. */
function isMethod(object: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(object, name)?.value === "function";
}
