import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { cacheFolder, nativeFolder } from "./cacheFolder.js";
import type { NativeBuild } from "./nativeBuild.js";
import { requireOwnFolder } from "./requireOwnFolder.js";
import { sha256 } from "./sha256.js";

/**
 * Makes sure that a build's addons are those that were compiled, and that nobody else can change them.
 *
 * @throws FulmineError `UNTRUSTED` when they are not.
 */
export function requireUntouched(build: NativeBuild): void {
  for (const folder of [cacheFolder(), nativeFolder(), build.folder]) requireOwnFolder(folder);
  const changed = firstChanged(build);
  if (changed === null) return;
  throw new FulmineError("UNTRUSTED", `A native addon is not the one that was compiled here: ${changed}.`, {
    todo: "If you don't know who changed it, find out first; then run `npx fulmine setup`, which builds it anew.",
  });
}

/** The path of the first addon that has another hash than it was built with; `null` when all are as they were. */
export function firstChanged({ folder, sha256: recorded }: NativeBuild): string | null {
  const paths = Object.entries(recorded).map(([file, hash]) => ({ path: join(folder, file), hash }));
  return paths.find(({ path, hash }) => sha256(path) !== hash)?.path ?? null;
}
