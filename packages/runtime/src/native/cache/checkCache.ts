import { mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { cacheFolder, lockFolder, nativeFolder, stagingFolder } from "./cacheFolder.js";
import type { NativeFlavor } from "./nativeTarget.js";

// During a build the wheels, the extracted libraries and the headers exist at the same time.
const NEEDED_GB: Record<NativeFlavor, number> = { cpu: 1.5, gpu: 10 };

/**
 * Checks that the cache folder belongs to this user, is writable and has enough free space for a build.
 *
 * @throws FulmineError `UNTRUSTED` when other users own it or may write to it; `SETUP_FAILED` when it is not writable or
 * too full.
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
    throw new FulmineError("SETUP_FAILED", `The cache folder is not writable: ${folder}.`, {
      todo: "Make it writable, or set the environment variable FULMINE_CACHE to another folder.",
      cause,
    });
  }
  for (const each of folders) requireOwnFolder(each);
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= NEEDED_GB[flavor]) return;
  throw new FulmineError(
    "SETUP_FAILED",
    `The set-up needs ${NEEDED_GB[flavor]} GB of free disk space, but ${folder} has ${free.toFixed(1)} GB.`,
    { todo: "Free disk space, or set the environment variable FULMINE_CACHE to another folder." },
  );
}

/**
 * Checks that only this user and root can change the contents of a folder, because programs are loaded from it. A folder
 * that does not exist passes. On Windows every folder passes, because a user's folders are private by default.
 *
 * @throws FulmineError `UNTRUSTED` when another user owns the folder or may write to it.
 */
export function requireOwnFolder(folder: string): void {
  const user = process.getuid?.();
  const found = statSync(folder, { throwIfNoEntry: false });
  if (user === undefined || found === undefined) return;
  if (found.uid !== user && found.uid !== 0) {
    throw new FulmineError("UNTRUSTED", `The cache folder belongs to another user: ${folder}.`, {
      received: `owner ${found.uid}, while this process runs as user ${user}`,
      todo: "Set the environment variable FULMINE_CACHE to a folder of your own.",
    });
  }
  // By convention, a group with the same number as the user has no other members.
  const isGroupWritable = (found.mode & 0o020) !== 0 && found.gid !== found.uid;
  if (!isGroupWritable && (found.mode & 0o002) === 0) return;
  throw new FulmineError("UNTRUSTED", `Other users may write to the cache folder: ${folder}.`, {
    received: `mode ${(found.mode & 0o777).toString(8)}`,
    todo:
      `Run \`chmod go-w ${folder}\`. If somebody may have changed its contents, remove the folder and run ` +
      "`npx fulmine setup`.",
  });
}
