import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { cacheFolder, nativeFolder } from "./cacheFolder.js";
import { requireOwnFolder } from "./checkCache.js";
import type { NativeBuild } from "./nativeBuild.js";

/**
 * Checks that the addons and the JavaScript of a build have the hashes from when it was installed, and that no other user
 * can change them.
 *
 * @throws FulmineError `UNTRUSTED` when the check fails.
 */
export function requireUnchanged(build: NativeBuild): void {
  for (const folder of [cacheFolder(), nativeFolder(), build.folder]) requireOwnFolder(folder);
  const changed = firstChanged(build);
  if (changed === null) return;
  throw new FulmineError(
    "UNTRUSTED",
    `A file of the native backend has changed since it was installed: ${changed}.`,
    {
      todo: "Find out who changed it. Then run `npx fulmine setup`, which makes the build again.",
    },
  );
}

/** Finds the first file whose hash differs from the recorded one; returns its path, or `null` when all hashes match. */
export function firstChanged({ folder, sha256: recorded }: NativeBuild): string | null {
  const paths = Object.entries(recorded).map(([file, hash]) => ({ path: join(folder, file), hash }));
  return paths.find(({ path, hash }) => !existsSync(path) || sha256(path) !== hash)?.path ?? null;
}

/** Computes the SHA-256 of a file, in hexadecimal. It reads the file in blocks, so the file may have any size. */
export function sha256(path: string): string {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, "r");
  try {
    for (let size = readSync(file, block); size > 0; size = readSync(file, block)) {
      hash.update(block.subarray(0, size));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
