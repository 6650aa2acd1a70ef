import { existsSync } from "node:fs";
import { Module } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { QUIET_ADDON, type NativeBuild } from "../cache/nativeBuild.js";
import type { NativePackage } from "../host/nativePackage.js";

/**
 * Loads `@tensorflow/tfjs-node-gpu` with the addon of a build.
 *
 * The package gets the path of its addon from `@mapbox/node-pre-gyp`. During the load, a replacement of that module
 * returns our path, so that nothing is written to `node_modules`, which may be read-only or shared. A later `require` of
 * the package returns the same module.
 */
export function requireNative(source: NativePackage, build: NativeBuild): void {
  loadQuietly(build.folder);
  const locator = source.require.resolve("@mapbox/node-pre-gyp");
  const { cache } = source.require;
  const before = cache[locator];
  const replacement = new Module(locator);
  replacement.filename = locator;
  replacement.loaded = true;
  replacement.exports = { find: () => build.addon };
  cache[locator] = replacement;
  try {
    source.require(source.folder);
  } finally {
    if (before === undefined) Reflect.deleteProperty(cache, locator);
    else cache[locator] = before;
  }
}

/**
 * Loads the libtensorflow of a build without the lines that it prints. Does nothing when `TF_CPP_MIN_LOG_LEVEL=0` requests
 * all messages, or when the build has no addon for it.
 */
function loadQuietly(folder: string): void {
  const addon = join(folder, QUIET_ADDON);
  if (process.env["TF_CPP_MIN_LOG_LEVEL"] === "0" || !existsSync(addon)) return;
  const quiet: { exports: { load?: (path: string) => void } } = { exports: {} };
  process.dlopen(quiet, addon);
  quiet.exports.load?.(join(folder, "tensorflow", "libtensorflow_framework.so.2"));
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
export function addUtilTypeChecks(): void {
  for (const [name, check] of Object.entries(TYPE_CHECKS)) Reflect.set(util, name, check);
}
