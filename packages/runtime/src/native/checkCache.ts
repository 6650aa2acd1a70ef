import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { cacheFolder, lockFolder, nativeFolder, stagingFolder } from "./cacheFolder.js";
import type { NativeFlavor } from "./nativeTarget.js";

// Wheels, unpacked libraries and headers lie side by side for a while.
const NEEDED_GB: Record<NativeFlavor, number> = { cpu: 1.5, gpu: 10 };

/**
 * Makes sure that the cache folder can be written and has room for a build.
 *
 * @throws FulmineError `SETUP_FAILED` when it can't or has not.
 */
export function checkCache(flavor: NativeFlavor): void {
  const folder = cacheFolder();
  try {
    for (const each of [nativeFolder(), stagingFolder(), lockFolder()]) mkdirSync(each, { recursive: true });
    const probe = join(stagingFolder(), `.probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw new FulmineError("SETUP_FAILED", `The cache folder can't be written: ${folder}.`, {
      todo: "Make it writable, or name another in the environment variable FULMINE_CACHE.",
      cause,
    });
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= NEEDED_GB[flavor]) return;
  throw new FulmineError(
    "SETUP_FAILED",
    `The set-up needs ${NEEDED_GB[flavor]} GB of disk, and ${folder} has ${free.toFixed(1)} GB.`,
    { todo: "Free some, or name another folder in the environment variable FULMINE_CACHE." },
  );
}
