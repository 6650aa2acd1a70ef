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

/**
 * Hyperparameters without nesting, for places that only take single values: `{ optim: { lr: 0.1 } }` becomes
 * `{ "optim.lr": 0.1 }`, the same path that `autoLrFind` takes.
 *
 * Lists become JSON text, `null` becomes `"null"`, and numbers that are not finite become text as well.
 */
export function flatHparams(
  hparams: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  // Spread, so that the fields of hyperparameters that are an instance of a class are seen.
  return Object.fromEntries(leaves(jsonValue({ ...hparams }), ""));
}

function leaves(value: JsonValue, path: string): [path: string, leaf: string | number | boolean][] {
  if (typeof value !== "object") return [[path, value]];
  const isBranch = value !== null && !Array.isArray(value) && (path === "" || Object.keys(value).length > 0);
  if (!isBranch) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}
