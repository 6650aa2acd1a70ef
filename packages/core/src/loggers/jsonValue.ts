/** A value that JSON can represent. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * Converts any value to one that JSON can represent.
 *
 * Non-finite numbers become `"NaN"`, `"Infinity"` and `"-Infinity"`, which `Number` converts back. Typed arrays, sets and
 * maps become arrays. Functions and class instances become their names.
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
 * Flattens nested hyperparameters: `{ optim: { lr: 0.1 } }` becomes `{ "optim.lr": 0.1 }`, with the paths that `autoLrFind`
 * takes.
 *
 * Arrays become JSON strings, `null` becomes `"null"`, and non-finite numbers become strings.
 */
export function flatHparams(
  hparams: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  // A spread copy also contains the fields of a class instance.
  return Object.fromEntries(leaves(jsonValue({ ...hparams }), ""));
}

function leaves(value: JsonValue, path: string): [path: string, leaf: string | number | boolean][] {
  if (typeof value !== "object") return [[path, value]];
  const isBranch = value !== null && !Array.isArray(value) && (path === "" || Object.keys(value).length > 0);
  if (!isBranch) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}
