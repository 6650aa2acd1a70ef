import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { lockFolder, stagingFolder } from "./cacheFolder.js";
import { tryLock } from "./cacheLock.js";
import { removeFolder } from "./removeFolder.js";
import { clearStaging } from "./clearStaging.js";

const STALE_DRAFT_MS = 60_000;

/**
 * Removes what runs that died have left behind. Of the build named, whose lock the caller holds, whole wheels and a
 * whole unpacked tree are kept to go on from; of all others nothing is.
 */
export function clearLeftovers(name: string): void {
  for (const entry of readdirSync(join(stagingFolder()))) {
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
