import { FulmineError } from "../errors/fulmineError.js";
import type { Validator } from "../options/validators.js";

/** Checks a part of a checkpoint that stands at a path; throws `INVALID_CHECKPOINT` when it is not as it must be. */
export type Shape = (value: unknown, path: string) => void;

/** A value that meets a requirement. */
export function leaf({ expected: words, test: holds }: Validator): Shape {
  return (value, path) => {
    if (!holds(value)) throw unfit(path, words, value);
  };
}

/** A list whose items all have a shape. */
export function listOf(item: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw unfit(path, "a list", value);
    for (let index = 0; index < value.length; index++) item(value[index], `${path}[${index}]`);
  };
}

/** An object with some fields; others, which a later version may add, are passed over. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    requirePlain(value, path);
    for (const [name, shape] of Object.entries(shapes))
      shape(Object.hasOwn(value, name) ? value[name] : undefined, path === "" ? name : `${path}.${name}`);
  };
}

/** An object whose values all have a shape, whatever their names. */
export function recordOf(item: Shape): Shape {
  return (value, path) => {
    requirePlain(value, path);
    for (const [name, child] of Object.entries(value)) item(child, `${path}.${name}`);
  };
}

/** `null`, or of a shape. */
export function nullOr(shape: Shape): Shape {
  return (value, path) => {
    if (value !== null) shape(value, path);
  };
}

/** Anything. */
export const anything: Shape = () => undefined;

/** What is wrong with a part of a checkpoint, as an error. */
export function unfit(path: string, words: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", `The checkpoint's \`${path}\` must be ${words}.`, {
    received,
    todo: "Use another checkpoint: this one was not written by Fulmine, or was changed.",
  });
}

function requirePlain(value: unknown, path: string): asserts value is Readonly<Record<string, unknown>> {
  const isPlain =
    typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  if (!isPlain) throw unfit(path || "contents", "an object", value);
  // Copied into another object, it would become that one's prototype.
  if (Object.hasOwn(value, "__proto__"))
    throw unfit(`${path}.__proto__`, "left out", Reflect.get(value, "__proto__"));
}
