/// <reference types="node" />
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { Files } from "../../platform/platform.js";
import { onSuddenEnd } from "../endSignal.js";
import { removeLeftovers, temporaryName } from "./temporaryFile.js";

/**
 * The file system of Node. A file is written beside its place, flushed to the disk and renamed, so that whoever reads it
 * sees the old one or the new one whole, also when the process or the machine dies meanwhile.
 *
 * What a process that died has left half-written in the folder is removed by the next write into it. What can't be written
 * is a `FulmineError` `UNAVAILABLE`, and what was there before stays.
 */
export const nodeFiles: Required<Files> = {
  write: async (path, content) => {
    await put(path, content, renameOver);
  },
  create: (path, content) => put(path, content, renameToFree),
  prepare: (path) =>
    withWriteErrors(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      const found = await stat(path).catch(() => null);
      if (found?.isDirectory() === true) throw new Error("it is a folder");
      const probe = temporaryName(path);
      await whileTemporary(probe, async () => {
        await (await open(probe, "wx")).close();
        await rm(probe, { force: true });
      });
    }),
  read: (path) => readFile(path),
  exists: (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
  remove: (path) => withWriteErrors(path, () => rm(path, { force: true })),
};

/** Moves a file to its place, and says whether it could be put there. */
type Move = (from: string, to: string) => Promise<boolean>;

/** Writes a file beside its place and moves it there. */
async function put(path: string, content: Uint8Array, move: Move): Promise<boolean> {
  return withWriteErrors(path, async () => {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    const { now, isPut } = await writeBeside(path, content, move);
    await syncFolder(folder);
    // Tidying up is no reason to call a file unwritten that is there.
    await removeLeftovers(folder, now).catch(() => undefined);
    return isPut;
  });
}

async function renameOver(from: string, to: string): Promise<boolean> {
  await rename(from, to);
  return true;
}

/** Moves a file to a place where nothing is, even if another program does the same at this moment. */
async function renameToFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    // A file system without links can't tell both at once.
    if (await nodeFiles.exists(to)) return false;
    await rename(from, to);
    return true;
  }
  await rm(from, { force: true });
  return true;
}

/** Writes a file and moves it to its place, and gives the time at which the file system says it was written. */
async function writeBeside(
  path: string,
  content: Uint8Array,
  move: Move,
): Promise<{ readonly now: number; readonly isPut: boolean }> {
  const temporary = temporaryName(path);
  return whileTemporary(temporary, async () => {
    // Opened exclusively: whatever lies there, a link among it, is not written through.
    const file = await open(temporary, "wx");
    try {
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      const { mtimeMs } = await stat(temporary);
      const isPut = await move(temporary, path);
      if (!isPut) await rm(temporary, { force: true });
      return { now: mtimeMs, isPut };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/** Works on a temporary file, which goes when the process is ended meanwhile. */
async function whileTemporary<T>(temporary: string, act: () => Promise<T>): Promise<T> {
  const forget = onSuddenEnd(() => rmSync(temporary, { force: true }));
  try {
    return await act();
  } finally {
    forget();
  }
}

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

async function withWriteErrors<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new FulmineError("UNAVAILABLE", `The file can't be written: ${reasonOf(error)}.`, {
      received: path,
      todo: "Give a path that this program may write to, on a disk that is not full.",
      cause: error,
    });
  }
}
