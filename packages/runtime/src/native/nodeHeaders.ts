import { createRequire } from "node:module";
import { FulmineError } from "@fulmine/core";

/**
 * The folder of Node's C headers, which an npm package carries so that nothing of them need be downloaded.
 *
 * @throws FulmineError `SETUP_FAILED` when that package has changed beyond recognition.
 */
export function nodeHeaders(): string {
  const headers: unknown = createRequire(import.meta.url)("node-api-headers");
  const folder: unknown =
    typeof headers === "object" && headers !== null ? Reflect.get(headers, "include_dir") : null;
  if (typeof folder === "string") return folder;
  throw new FulmineError("SETUP_FAILED", "The package node-api-headers names no folder of headers.");
}
