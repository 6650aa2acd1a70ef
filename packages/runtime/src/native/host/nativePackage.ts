import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { FulmineError } from "@fulmine/core";

const NAME = "@tensorflow/tfjs-node-gpu";

/** The installed npm package whose addon connects tfjs with libtensorflow. */
export interface NativePackage {
  readonly folder: string;
  readonly version: string;
  /** A `require` function that resolves names from inside the package. */
  readonly require: NodeJS.Require;
}

/**
 * Finds `@tensorflow/tfjs-node-gpu`. The app's copy has priority over the copy that this package resolves.
 *
 * @returns The package; `null` when it is not installed.
 */
export function findNativePackage(): NativePackage | null {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    const manifest = tryResolve(from);
    if (manifest === null) continue;
    const parsed: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    const version: unknown =
      typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "version") : null;
    if (typeof version !== "string") continue;
    return { folder: dirname(manifest), version, require: createRequire(manifest) };
  }
  return null;
}

/**
 * Finds `@tensorflow/tfjs-node-gpu`, or throws an error with the command that installs it.
 *
 * @throws FulmineError `UNAVAILABLE` when it is not installed.
 */
export function nativePackage(): NativePackage {
  const found = findNativePackage();
  if (found !== null) return found;
  // --ignore-scripts, because its install script downloads a libtensorflow that Fulmine does not use.
  throw new FulmineError("UNAVAILABLE", `${NAME} is not installed.`, {
    todo: `Run \`npm install --ignore-scripts ${NAME}@4.22.0\`, then \`npx fulmine setup\`.`,
  });
}

function tryResolve(from: string): string | null {
  try {
    return createRequire(from).resolve(`${NAME}/package.json`);
  } catch {
    return null;
  }
}
