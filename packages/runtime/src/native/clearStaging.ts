import { readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { removeFolder } from "./removeFolder.js";

/** What is worth keeping of a build that was interrupted: both come into being whole, by a rename. */
const KEPT: readonly string[] = ["wheels", "site"];

/** Removes from a build's staging folder what is half-made, and the folder too when nothing is left in it. */
export function clearStaging(folder: string): void {
  try {
    const entries = readdirSync(folder);
    for (const entry of entries) if (!KEPT.includes(entry)) removeFolder(join(folder, entry));
    if (!entries.some((entry) => KEPT.includes(entry))) rmdirSync(folder);
  } catch {
    // It is gone already, or was not made yet.
  }
}
