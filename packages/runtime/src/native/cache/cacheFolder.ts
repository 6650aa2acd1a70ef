import { readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Gets the folder of Fulmine's native builds: `FULMINE_CACHE`, else `fulmine` under `XDG_CACHE_HOME`, else
 * `.cache/fulmine` in the home folder. The folder may not exist yet.
 */
export function cacheFolder(): string {
  const own = process.env["FULMINE_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const shared = process.env["XDG_CACHE_HOME"];
  return shared !== undefined && shared !== ""
    ? resolve(shared, "fulmine")
    : join(homedir(), ".cache", "fulmine");
}

/** Gets the folder of finished native builds; each build has a subfolder. */
export function nativeFolder(): string {
  return join(cacheFolder(), "native");
}

/** Gets the folder of unfinished builds. A finished build is moved to {@link nativeFolder} with one rename. */
export function stagingFolder(): string {
  return join(cacheFolder(), "staging");
}

/** Gets the folder of lock files; each build in progress has one. */
export function lockFolder(): string {
  return join(cacheFolder(), "locks");
}

/** Gets the total size of all files in a folder and its subfolders, in bytes; 0 when the folder does not exist. */
export function folderSize(folder: string): number {
  let total = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) total += folderSize(path);
      else if (entry.isFile()) total += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // Another process removed the folder.
  }
  return total;
}

/** Removes a folder or file that an earlier set-up left. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A program of that set-up may still write there. The next set-up tries again.
  }
}
