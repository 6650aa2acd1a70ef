import { kindOf, requireStorable } from "../checkpoint/storable.js";

/**
 * The hyperparameters as a checkpoint holds them: a copy, without functions, which can't be stored. A resumed run uses those
 * of its own module.
 *
 * @throws {@link FulmineError} `INVALID_FIELD`, naming what else can't be stored.
 */
export function savedHparams(hparams: object): object {
  const saved = withoutFunctions({ ...hparams });
  requireStorable(saved, "hparams");
  return structuredClone(saved);
}

/** The paths of the functions that {@link savedHparams} leaves out. */
export function functionsAmong(hparams: object, path = "hparams"): readonly string[] {
  return Object.entries(hparams).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === "function") return [`${path}.${key}`];
    return isPlain(value) ? functionsAmong(value, `${path}.${key}`) : [];
  });
}

/** Puts saved hyperparameters into a module's, which keep their functions. */
export function restoreHparams(hparams: object, saved: object): void {
  for (const [key, value] of Object.entries(structuredClone(saved)) as [string, unknown][]) {
    const own: unknown = Reflect.get(hparams, key);
    if (isPlain(own) && isPlain(value)) keepFunctions(own, value);
    Reflect.set(hparams, key, value);
  }
}

function keepFunctions(own: object, value: object): void {
  for (const [key, child] of Object.entries(own) as [string, unknown][]) {
    const beside: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    if (typeof child === "function" && beside === undefined) Reflect.set(value, key, child);
    else if (isPlain(child) && isPlain(beside)) keepFunctions(child, beside);
  }
}

function withoutFunctions(value: object, outer: readonly object[] = []): object {
  const within = [...outer, value];
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
      if (typeof child === "function") return [];
      // What holds itself, or has symbols for keys, is refused later, by its name.
      const isInner =
        isPlain(child) && !within.includes(child) && Object.getOwnPropertySymbols(child).length === 0;
      return [[key, isInner ? withoutFunctions(child, within) : child] as const];
    }),
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && kindOf(value) === "Object";
}
