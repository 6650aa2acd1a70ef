import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { cacheFolder, lockFolder, nativeFolder, stagingFolder } from "./cacheFolder.js";
import { requireOwnFolder } from "./requireOwnFolder.js";
import type { NativeFlavor } from "./nativeTarget.js";

// Wheels, unpacked libraries and headers lie side by side for a while.
const NEEDED_GB: Record<NativeFlavor, number> = { cpu: 1.5, gpu: 10 };

/**
 * Makes sure that the cache folder is this user's own, can be written and has room for a build.
 *
 * @throws FulmineError `UNTRUSTED` when it is not, `SETUP_FAILED` when it can't or has not.
 */
export function checkCache(flavor: NativeFlavor): void {
  const folder = cacheFolder();
  const folders = [nativeFolder(), stagingFolder(), lockFolder()];
  requireOwnFolder(folder);
  try {
    for (const each of folders) mkdirSync(each, { recursive: true, mode: 0o700 });
    const probe = join(stagingFolder(), `.probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw new FulmineError("SETUP_FAILED", `The cache folder can't be written: ${folder}.`, {
      todo: "Make it writable, or name another in the environment variable FULMINE_CACHE.",
      cause,
    });
  }
  for (const each of folders) requireOwnFolder(each);
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= NEEDED_GB[flavor]) return;
  throw new FulmineError(
    "SETUP_FAILED",
    `The set-up needs ${NEEDED_GB[flavor]} GB of disk, and ${folder} has ${free.toFixed(1)} GB.`,
    { todo: "Free some, or name another folder in the environment variable FULMINE_CACHE." },
  );
}
