import { rmSync } from "node:fs";

/** Removes a folder or file of a set-up that has ended. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A program of the ended run may still be writing there for a moment; the next set-up tries again.
  }
}
