/// <reference types="node" />
import { randomBytes } from "node:crypto";
import { processPlace } from "../processPlace.js";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A name beside a file under which it is written until it is whole; nobody else uses it. */
export function temporaryName(path: string, pid: number = process.pid): string {
  return `${path}.fulmine-${processPlace()}-${pid}-${randomBytes(4).toString("hex")}.tmp`;
}

/** Who was writing a temporary file: `null` for a file that is none. */
export function writerOf(name: string): { readonly isHere: boolean; readonly pid: number } | null {
  // Names of earlier versions tell no place.
  const parts = /\.fulmine-(?:([\da-f]{12})-)?(\d+)-[\da-f]+\.tmp$/.exec(name);
  return parts === null ? null : { isHere: parts[1] === processPlace(), pid: Number(parts[2]) };
}

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
