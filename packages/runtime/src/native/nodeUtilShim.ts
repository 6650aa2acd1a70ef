import util from "node:util";

const CHECKS: Record<string, (value: unknown) => boolean> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: (value) => Array.isArray(value),
  isString: (value) => typeof value === "string",
  isNumber: (value) => typeof value === "number",
  isBoolean: (value) => typeof value === "boolean",
  isFunction: (value) => typeof value === "function",
  isObject: (value) => typeof value === "object" && value !== null,
};

/**
 * Gives `node:util` the type checks that `@tensorflow/tfjs-node-gpu` calls: Node 23 removed them, and Node 22 still
 * has them but warns of each.
 */
export function nodeUtilShim(): void {
  for (const [name, check] of Object.entries(CHECKS)) Reflect.set(util, name, check);
}
