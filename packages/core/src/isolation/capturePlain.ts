import isPlainObject from "lodash/isPlainObject.js";

/**
 * Remembers the plain data among an object's own properties: numbers, strings and the like, and arrays, plain objects,
 * maps and sets of them, however deep. Tensors, layers and other class instances are left alone.
 *
 * @returns A function that puts it all back, keeping the identity of arrays and objects; properties that were added are
 * removed.
 */
export function capturePlain(target: object): () => void {
  const undo: (() => void)[] = [];
  const seen = new Set<object>();

  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value) || !isData(value)) return;
    seen.add(value);
    undo.push(remember(value));
    const children: Iterable<unknown> =
      value instanceof Map || value instanceof Set ? value.values() : Object.values(value);
    for (const child of children) visit(child);
  };
  undo.push(remember(target));
  for (const value of Object.values(target)) visit(value);
  return () => {
    for (const put of undo) put();
  };
}

function isData(value: object): boolean {
  return Array.isArray(value) || value instanceof Map || value instanceof Set || isPlainObject(value);
}

function remember(value: object): () => void {
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
