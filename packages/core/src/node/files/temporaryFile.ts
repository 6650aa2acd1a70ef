/// <reference types="node" />
import { randomBytes } from "node:crypto";
import { processPlace } from "../processPlace.js";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A unique temporary name for a file, in the same folder. */
export function temporaryName(path: string, pid: number = process.pid): string {
  return `${path}.fulmine-${processPlace()}-${pid}-${randomBytes(4).toString("hex")}.tmp`;
}

/** The process that wrote a temporary file; `null` for another file. */
export function writerOf(name: string): { readonly isHere: boolean; readonly pid: number } | null {
  // Names of earlier versions have no place.
  const parts = /\.fulmine-(?:([\da-f]{12})-)?(\d+)-[\da-f]+\.tmp$/.exec(name);
  return parts === null ? null : { isHere: parts[1] === processPlace(), pid: Number(parts[2]) };
}

/** How long a temporary file of another machine or container counts as being written, in milliseconds. */
const LONGEST_WRITE = 24 * 60 * 60 * 1000;

/**
 * Removes temporary files that dead processes left in a folder. Processes of other machines and containers can't be checked,
 * so their files are removed after a day without a change.
 *
 * @param now - The current time by the file system's clock, in milliseconds; it may differ from this machine's clock.
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
  // Its writer may have renamed it in the meantime.
  const touched = await stat(path).catch(() => null);
  return touched !== null && now - touched.mtimeMs > LONGEST_WRITE;
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only checks whether the process exists.
    return process.kill(pid, 0);
  } catch (error) {
    // The process of another user exists, but can't be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
