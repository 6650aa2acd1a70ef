import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The size of all files under a folder, in bytes; 0 when it does not exist. */
export function folderSize(folder: string): number {
  let total = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      total += entry.isDirectory()
        ? folderSize(path)
        : entry.isFile()
          ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
          : 0;
    }
  } catch {
    // It went away while it was being counted.
  }
  return total;
}
