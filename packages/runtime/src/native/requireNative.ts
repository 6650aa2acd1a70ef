import { Module } from "node:module";
import type { NativePackage } from "./nativePackage.js";

/**
 * Loads `@tensorflow/tfjs-node-gpu` with an addon that lies elsewhere.
 *
 * The package asks `@mapbox/node-pre-gyp` for its addon's path. For the length of the load a stand-in answers instead,
 * so nothing has to be written into `node_modules`, which may be read-only or shared. The package itself is loaded as
 * always: whoever requires it later gets the same module.
 */
export function requireNative(source: NativePackage, addon: string): void {
  const locator = source.require.resolve("@mapbox/node-pre-gyp");
  const { cache } = source.require;
  const before = cache[locator];
  const standIn = new Module(locator);
  standIn.filename = locator;
  standIn.loaded = true;
  standIn.exports = { find: () => addon };
  cache[locator] = standIn;
  try {
    source.require(source.folder);
  } finally {
    if (before === undefined) Reflect.deleteProperty(cache, locator);
    else cache[locator] = before;
  }
}
