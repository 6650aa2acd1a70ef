import { FulmineError } from "../errors/fulmineError.js";

/** The parts of a data set; a fit reads the first two, and leaves the others to `test` and `predict`. */
const PARTS: readonly string[] = ["train", "val", "test", "predict"];

/** What other libraries, and slips, call held-out data. */
const HELD_OUT = /^(v|valid|validat|eval|held|dev)/i;

/** The names of all dataloaders. */
export const DATALOADERS: readonly string[] = [
  "trainDataloader",
  "valDataloader",
  "testDataloader",
  "predictDataloader",
];

const LOADER_LIKE = /^(train|val|valid|validation|test|predict)(ing)?_?data_?loaders?$/i;

/**
 * Checks that the data of a fit has no part that nobody would read.
 *
 * An instance of a class may have more than its data.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when it is no object of data, `UNKNOWN_OPTION`, naming the part.
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
    todo: HELD_OUT.test(part)
      ? "Held-out data is called `val`, and is no share of `train`: pass { train, val }."
      : "Its parts are `train` and `val`; `test` and `predict` are left to those methods.",
  });
}

/**
 * Checks that nothing is called nearly like a dataloader, for nobody would call it.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, naming it.
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

/** Whether a property is a function, found out without calling a getter. */
function isMethod(object: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(object, name)?.value === "function";
}
