import { readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { lockFolder, removeFolder, stagingFolder } from "./cacheFolder.js";
import { tryLock } from "./cacheLock.js";

const STALE_DRAFT_MS = 60_000;
/** The finished steps of a build, which a later run continues from. A rename creates each of them, so they are complete. */
const FINISHED: readonly string[] = ["wheels", "site"];

/**
 * Removes the files of interrupted set-ups.
 *
 * @param name - The build that the caller has locked. Its finished steps are kept; other builds without an owner are
 *   removed completely.
 */
export function clearLeftovers(name: string): void {
  for (const entry of readdirSync(stagingFolder())) {
    if (entry === name) clearStaging(join(stagingFolder(), entry));
    else clearOther(entry);
  }
  for (const entry of readdirSync(lockFolder())) {
    const path = join(lockFolder(), entry);
    const changed = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Date.now();
    const isDraft = !entry.endsWith(".lock");
    if (isDraft && Date.now() - changed > STALE_DRAFT_MS) rmSync(path, { force: true });
  }
}

function clearOther(name: string): void {
  if (name.startsWith(".probe-")) return;
  const lock = tryLock(name);
  if (lock === null) return;
  try {
    removeFolder(join(stagingFolder(), name));
  } finally {
    lock.release();
  }
}

/** Removes the unfinished files from the staging folder of a build; removes the folder too if it is empty then. */
export function clearStaging(folder: string): void {
  try {
    const entries = readdirSync(folder);
    for (const entry of entries) if (!FINISHED.includes(entry)) removeFolder(join(folder, entry));
    if (!entries.some((entry) => FINISHED.includes(entry))) rmdirSync(folder);
  } catch {
    // The folder does not exist.
  }
}
