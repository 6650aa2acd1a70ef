/// <reference types="node" />
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Files } from "../files.js";

/**
 * The file system of Node. A file is written beside its place, flushed to the disk and renamed, so that whoever reads it
 * sees the old one or the new one whole, also when the process or the machine dies meanwhile.
 */
export const nodeFiles: Files = {
  async write(path, content) {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
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
    await syncFolder(dirname(path));
  },
  read: (path) => readFile(path),
  remove: (path) => rm(path, { force: true }),
};

/** A rename is on the disk for certain only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
