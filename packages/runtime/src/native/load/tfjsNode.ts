import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import * as core from "@tensorflow/tfjs-core";
import { PACKAGES, TFJS_NODE, type NativeBuild } from "../cache/nativeBuild.js";
import { TFJS_KEY } from "../cache/tfjsKey.js";

/**
 * Loads the JavaScript of `@tensorflow/tfjs-node-gpu` from a build. It registers the backend `tensorflow` and the handlers of
 * `file://` with the program's own tfjs, and makes the backend active.
 *
 * @returns What the package exports.
 */
export function loadTfjsNode(build: NativeBuild): unknown {
  addUtilTypeChecks();
  const key = Symbol.for(TFJS_KEY);
  Reflect.set(globalThis, key, programsTfjs());
  try {
    return createRequire(join(build.folder, PACKAGES, "load.cjs"))(TFJS_NODE);
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
}

/**
 * Gets the program's copy of `@tensorflow/tfjs`. A program that installs only `@tensorflow/tfjs-core` gets that one, with
 * stand-ins for the two things that the package uses of `@tensorflow/tfjs-layers`.
 */
function programsTfjs(): unknown {
  const require = createRequire(import.meta.url);
  try {
    return require("@tensorflow/tfjs");
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : null;
    if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") throw error;
    const version = { "tfjs-core": core.version_core };
    const nothing = function (): void {
      // Stands in for a base class and for a function.
    };
    return { ...core, version, CustomCallback: nothing, registerCallbackConstructor: nothing };
  }
}

const TYPE_CHECKS: Record<string, (value: unknown) => boolean> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: (value) => Array.isArray(value),
  isString: (value) => typeof value === "string",
  isNumber: (value) => typeof value === "number",
  isBoolean: (value) => typeof value === "boolean",
  isFunction: (value) => typeof value === "function",
  isObject: (value) => typeof value === "object" && value !== null,
};

/**
 * Adds the type checks to `node:util` that `@tensorflow/tfjs-node-gpu` calls. Node 23 removed them; Node 22 prints a warning
 * for each of its own.
 */
function addUtilTypeChecks(): void {
  for (const [name, check] of Object.entries(TYPE_CHECKS)) Reflect.set(util, name, check);
}
