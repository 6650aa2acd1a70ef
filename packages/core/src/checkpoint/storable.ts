import { FulmineError } from "../errors/fulmineError.js";

/** The typed arrays that a checkpoint can store, by class name. */
export const binaryKinds = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

/** The class name of a typed array. */
export type BinaryKind = keyof typeof binaryKinds;

/** The maximum nesting depth. */
const DEEPEST = 200;

const TODO =
  "A checkpoint holds numbers, texts, booleans, null, undefined, BigInts, dates, typed arrays, and arrays, plain " +
  "objects, maps and sets of them: store data from which the value can be created again.";

/**
 * Classifies an object for storage.
 *
 * It compares class names, because `instanceof` fails for objects of another realm, such as a test runner's.
 *
 * @returns `null` if the object can't be stored, because loading would return something else.
 */
export function kindOf(
  value: object,
): BinaryKind | "ArrayBuffer" | "Array" | "Map" | "Set" | "Date" | "Object" | null {
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return "Object";
  if (!Object.hasOwn(prototype as object, "constructor")) return null;
  const { name } = (prototype as { readonly constructor: { readonly name?: unknown } }).constructor;
  // Loading would return an instance of the base class instead of a user's subclass.
  if (name !== tag) return null;
  if (Object.hasOwn(binaryKinds, tag)) return tag as BinaryKind;
  switch (tag) {
    case "ArrayBuffer":
    case "Array":
    case "Object":
      return tag;
    case "Map":
    case "Set":
    case "Date":
      return Object.keys(value).length === 0 ? tag : null;
    default:
      return null;
  }
}

/**
 * Checks that a checkpoint file can store a value without loss.
 *
 * @param path - The value's path in messages.
 * @param outer - The objects that contain the value.
 * @throws FulmineError `INVALID_FIELD`, naming the part that can't be stored.
 */
export function requireStorable(value: unknown, path: string, outer: readonly object[] = []): void {
  if (typeof value === "function" || typeof value === "symbol") throw unstorable(path, value);
  if (typeof value !== "object" || value === null) return;
  if (outer.includes(value)) throw unstorable(path, value, "it contains itself");
  if (outer.length >= DEEPEST) throw unstorable(path, value, `it is nested more than ${DEEPEST} deep`);
  const within = [...outer, value];
  const visit = (child: unknown, place: string): void => requireStorable(child, `${path}${place}`, within);
  if (Object.getOwnPropertySymbols(value).length > 0) throw unstorable(path, value, "it has symbols as keys");
  switch (kindOf(value)) {
    case null:
      throw unstorable(path, value);
    case "Array": {
      const items = value as unknown[];
      const keys = Object.keys(items);
      // Integer keys come first, in ascending order.
      if (keys.length !== items.length || (keys.length > 0 && keys.at(-1) !== String(items.length - 1)))
        throw unstorable(path, value, "it has holes or named properties");
      for (const [index, item] of items.entries()) visit(item, `[${index}]`);
      return;
    }
    case "Map":
      for (const [key, item] of value as Map<unknown, unknown>) {
        visit(key, ".keys()");
        visit(item, `.get(${typeof key === "string" ? JSON.stringify(key) : typeof key})`);
      }
      return;
    case "Set":
      for (const item of value as Set<unknown>) visit(item, ".values()");
      return;
    case "Object":
      for (const [key, item] of Object.entries(value)) {
        if (key === "__proto__") throw unstorable(`${path}.__proto__`, item);
        visit(item, `.${key}`);
      }
      return;
    default:
  }
}

function unstorable(path: string, received: unknown, why?: string): FulmineError {
  const reason = why === undefined ? "" : `, because ${why}`;
  return new FulmineError("INVALID_FIELD", `\`${path}\` can't be stored in a checkpoint${reason}.`, {
    received,
    todo: TODO,
  });
}
