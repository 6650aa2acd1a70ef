import { FulmineError } from "../errors/fulmineError.js";
import type { Validator } from "../options/validators.js";

/** Checks a part of a checkpoint. Throws `INVALID_CHECKPOINT`, naming its path, if the part is not valid. */
export type Schema = (value: unknown, path: string) => void;

/** Accepts values that meet a requirement. */
export function leaf({ expected, test }: Validator): Schema {
  return (value, path) => {
    if (!test(value)) throw invalidPart(path, expected, value);
  };
}

/** Accepts lists of items. */
export function listOf(item: Schema): Schema {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalidPart(path, "a list", value);
    for (let index = 0; index < value.length; index++) item(value[index], `${path}[${index}]`);
  };
}

/** Accepts objects with these fields, and ignores other fields, which a later version may add. */
export function fields(schemas: Readonly<Record<string, Schema>>): Schema {
  return (value, path) => {
    requirePlain(value, path);
    for (const [name, schema] of Object.entries(schemas))
      schema(Object.hasOwn(value, name) ? value[name] : undefined, path === "" ? name : `${path}.${name}`);
  };
}

/** Accepts objects with any names and values of one schema. */
export function recordOf(item: Schema): Schema {
  return (value, path) => {
    requirePlain(value, path);
    for (const [name, child] of Object.entries(value)) item(child, `${path}.${name}`);
  };
}

/** Accepts `null` and values of a schema. */
export function nullOr(schema: Schema): Schema {
  return (value, path) => {
    if (value !== null) schema(value, path);
  };
}

/** Accepts everything. */
export const anything: Schema = () => undefined;

/** Makes the error for a part that is not valid. */
export function invalidPart(path: string, expected: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", `The checkpoint's \`${path}\` must be ${expected}.`, {
    received,
    todo: "Use another checkpoint: this one was not written by Fulmine, or was changed.",
  });
}

function requirePlain(value: unknown, path: string): asserts value is Readonly<Record<string, unknown>> {
  const isPlain =
    typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  if (!isPlain) throw invalidPart(path || "contents", "an object", value);
  // If copied into another object, it would become that object's prototype.
  if (Object.hasOwn(value, "__proto__"))
    throw invalidPart(`${path}.__proto__`, "left out", Reflect.get(value, "__proto__"));
}
