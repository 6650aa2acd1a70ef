import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FulmineError } from "@fulmine/core";

/**
 * Copies the C++ sources of this package and Node's C headers into a folder. Yarn may keep packages in zip archives, which Node
 * can read there, but no compiler.
 */
export function copySources(folder: string): void {
  mkdirSync(folder, { recursive: true });
  // The path is the same from `src` and from `dist`.
  for (const from of [fileURLToPath(new URL("../../../binding", import.meta.url)), nodeHeaders()])
    for (const name of readdirSync(from))
      if (/\.(cc|h)$/.test(name)) copyFileSync(join(from, name), join(folder, name));
}

/** Gets the folder of Node's C headers, which the package node-api-headers contains. */
function nodeHeaders(): string {
  const headers: unknown = createRequire(import.meta.url)("node-api-headers");
  const folder: unknown =
    typeof headers === "object" && headers !== null ? Reflect.get(headers, "include_dir") : null;
  if (typeof folder === "string") return folder;
  throw new FulmineError("SETUP_FAILED", "The package node-api-headers does not name its folder of headers.");
}
