import isPlainObject from "lodash/isPlainObject.js";

/**
 * Captures the plain data in an object's own properties: primitive values, and nested arrays, plain objects, maps and sets.
 * Ignores tensors, layers and other class instances.
 *
 * @returns Restores the data in place and removes added properties. Arrays and objects keep their identity.
 */
export function capturePlain(target: object): () => void {
  const undo: (() => void)[] = [];
  const seen = new Set<object>();

  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value) || !isData(value)) return;
    seen.add(value);
    undo.push(capture(value));
    const children: Iterable<unknown> =
      value instanceof Map || value instanceof Set ? value.values() : Object.values(value);
    for (const child of children) visit(child);
  };
  undo.push(capture(target));
  for (const value of Object.values(target)) visit(value);
  return () => {
    for (const restore of undo) restore();
  };
}

function isData(value: object): boolean {
  return Array.isArray(value) || value instanceof Map || value instanceof Set || isPlainObject(value);
}

function capture(value: object): () => void {
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)];
    return () => {
      value.clear();
      for (const [key, item] of entries) value.set(key, item);
    };
  }
  if (value instanceof Set) {
    const items = [...(value as Set<unknown>)];
    return () => {
      value.clear();
      for (const item of items) value.add(item);
    };
  }
  const before = Object.getOwnPropertyDescriptors(value);
  return () => {
    for (const key of Object.keys(value)) if (!(key in before)) Reflect.deleteProperty(value, key);
    for (const [key, property] of Object.entries(before)) {
      if ("value" in property && property.writable === true) Reflect.set(value, key, property.value);
    }
    if (Array.isArray(value)) value.length = before["length"]?.value as number;
  };
}
