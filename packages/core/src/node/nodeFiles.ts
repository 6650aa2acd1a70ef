/// <reference types="node" />
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Files } from "../platform/files.js";

let written = 0;

/**
 * The file system of Node. A file is written beside its place, flushed to the disk and renamed, so that whoever reads it
 * sees the old one or the new one whole, also when the process or the machine dies meanwhile.
 *
 * What a process that died has left half-written in the folder is removed by the next write into it.
 */
export const nodeFiles: Files = {
  async write(path, content) {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    const temporary = `${path}.fulmine-${process.pid}-${written++}.tmp`;
    try {
      const file = await open(temporary, "w");
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(folder);
    await removeLeftovers(folder);
  },
  read: (path) => readFile(path),
  remove: (path) => rm(path, { force: true }),
};

/** A rename is on the disk for certain only when its folder is; Windows can't open a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes what processes that are no more were writing. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /\.fulmine-(\d+)-\d+\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
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
