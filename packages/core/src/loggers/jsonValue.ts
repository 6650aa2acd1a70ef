/** What JSON can hold. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * A copy of any value that JSON can hold, for files that are read by other programs.
 *
 * JSON has no word for numbers that are not finite, so they become `"NaN"`, `"Infinity"` and `"-Infinity"`, which
 * `Number` reads back. Typed arrays, sets and maps become lists; functions and instances of classes become their names.
 */
export function jsonValue(value: unknown): JsonValue {
  return copy(value, []);
}

function copy(value: unknown, outer: readonly object[]): JsonValue {
  switch (typeof value) {
    case "boolean":
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
    case "symbol":
      return value.toString();
    case "function":
      return value.name || "(anonymous)";
    case "object":
      return value === null ? null : copyObject(value, outer);
    default:
      return null;
  }
}

function copyObject(value: object, outer: readonly object[]): JsonValue {
  if (outer.includes(value)) return "(circular)";
  const within = [...outer, value];
  if (Array.isArray(value) || value instanceof Set || value instanceof Map)
    return Array.from<unknown, JsonValue>(value, (item) => copy(item, within));
  if (ArrayBuffer.isView(value)) return Object.values(value).map((item) => copy(item, within));
  if ("toJSON" in value && typeof value.toJSON === "function")
    return copy(Reflect.apply(value.toJSON, value, []), within);
  if (!isPlain(value)) return value.constructor.name || "(object)";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, within)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
