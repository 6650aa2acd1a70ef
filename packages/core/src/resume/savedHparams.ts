import { kindOf, requireStorable } from "../checkpoint/storable.js";

/**
 * Copies hyperparameters for a checkpoint, without functions, which can't be stored. A resumed run uses the functions of
 * its own module.
 *
 * @throws FulmineError `INVALID_FIELD`, naming another value that can't be stored.
 */
export function savedHparams(hparams: object): object {
  const saved = withoutFunctions({ ...hparams });
  requireStorable(saved, "hparams");
  return structuredClone(saved);
}

/** Finds the paths of the functions that {@link savedHparams} omits. */
export function functionsAmong(hparams: object, path = "hparams"): readonly string[] {
  return Object.entries(hparams).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === "function") return [`${path}.${key}`];
    return isPlain(value) ? functionsAmong(value, `${path}.${key}`) : [];
  });
}

/** Restores saved hyperparameters into those of a module, which keep their functions. */
export function restoreHparams(hparams: object, saved: object): void {
  for (const [key, value] of Object.entries(structuredClone(saved)) as [string, unknown][]) {
    const own: unknown = Reflect.get(hparams, key);
    if (isPlain(own) && isPlain(value)) keepFunctions(own, value);
    Reflect.set(hparams, key, value);
  }
}

function keepFunctions(own: object, saved: object): void {
  for (const [key, child] of Object.entries(own) as [string, unknown][]) {
    const value: unknown = Object.hasOwn(saved, key) ? Reflect.get(saved, key) : undefined;
    if (typeof child === "function" && value === undefined) Reflect.set(saved, key, child);
    else if (isPlain(child) && isPlain(value)) keepFunctions(child, value);
  }
}

function withoutFunctions(value: object, outer: readonly object[] = []): object {
  const within = [...outer, value];
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
      if (typeof child === "function") return [];
      // `requireStorable` refuses cycles and symbol keys later, with their path.
      const isInner =
        isPlain(child) && !within.includes(child) && Object.getOwnPropertySymbols(child).length === 0;
      return [[key, isInner ? withoutFunctions(child, within) : child] as const];
    }),
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && kindOf(value) === "Object";
}
