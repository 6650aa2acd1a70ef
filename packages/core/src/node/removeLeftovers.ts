/// <reference types="node" />
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writerOf } from "./temporaryFile.js";

/** For how many milliseconds a file of another machine's or container's process is taken for one that is being written. */
const LONGEST_WRITE = 24 * 60 * 60 * 1000;

/**
 * Removes what processes that are no more were writing in a folder: of this place those that have ended, of other machines
 * and containers, whose processes can't be asked for, what has not been touched for a day.
 *
 * @param now - The time by the folder's own file system, in milliseconds: another machine's clock may stand elsewhere.
 */
export async function removeLeftovers(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const writer = writerOf(name);
    if (writer === null) continue;
    const path = join(folder, name);
    if (writer.isHere ? !isAlive(writer.pid) : await isOld(path, now)) await rm(path, { force: true });
  }
}

async function isOld(path: string, now: number): Promise<boolean> {
  // Its writer may have renamed it meanwhile.
  const touched = await stat(path).catch(() => null);
  return touched !== null && now - touched.mtimeMs > LONGEST_WRITE;
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 is not sent; it only asks.
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
