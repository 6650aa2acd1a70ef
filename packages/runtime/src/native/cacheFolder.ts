import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The folder in which Fulmine keeps what it built: `FULMINE_CACHE`, else `fulmine` under `XDG_CACHE_HOME`, else
 * `.cache/fulmine` in the home folder. It may not exist yet.
 */
export function cacheFolder(): string {
  const own = process.env["FULMINE_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const shared = process.env["XDG_CACHE_HOME"];
  return shared !== undefined && shared !== ""
    ? resolve(shared, "fulmine")
    : join(homedir(), ".cache", "fulmine");
}

/** The folder of finished native builds, one subfolder each. */
export function nativeFolder(): string {
  return join(cacheFolder(), "native");
}

/** The folder in which builds are made before they are moved into {@link nativeFolder} as a whole. */
export function stagingFolder(): string {
  return join(cacheFolder(), "staging");
}

/** The folder of locks, one file for each build in the making. */
export function lockFolder(): string {
  return join(cacheFolder(), "locks");
}
