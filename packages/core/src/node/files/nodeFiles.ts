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
 * The file system of Node. A file is written under a temporary name, flushed to the disk and renamed, so that readers see
 * either the complete old file or the complete new one, even if the process or the machine fails in between.
 *
 * The next write into a folder removes temporary files that a dead process left there. If a file can't be written, the error
 * is a `FulmineError` `UNAVAILABLE`, and the old file stays.
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
      await whileTemporary(probe, async () => (await open(probe, "wx")).close());
    }),
  read: (path) => readFile(path),
  exists: (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
  remove: (path) => withWriteErrors(path, () => rm(path, { force: true })),
};

/** Moves a file, and returns whether it was moved. */
type Move = (from: string, to: string) => Promise<boolean>;

/** Writes a file atomically. */
async function put(path: string, content: Uint8Array, move: Move): Promise<boolean> {
  return withWriteErrors(path, async () => {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    const { now, isPut } = await writeBeside(path, content, move);
    await syncFolder(folder);
    // The file is written, so a failed cleanup is no error.
    await removeLeftovers(folder, now).catch(() => undefined);
    return isPut;
  });
}

async function renameOver(from: string, to: string): Promise<boolean> {
  await rename(from, to);
  return true;
}

/** Moves a file without replacing another, even if another program does the same at this moment. */
async function renameToFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    // A file system without links can't check and move in one operation.
    if (await nodeFiles.exists(to)) return false;
    await rename(from, to);
  }
  return true;
}

/** Writes a temporary file and moves it; also returns the time of the write by the file system's clock. */
async function writeBeside(
  path: string,
  content: Uint8Array,
  move: Move,
): Promise<{ readonly now: number; readonly isPut: boolean }> {
  const temporary = temporaryName(path);
  return whileTemporary(temporary, async () => {
    // Exclusive, so that an existing file or link is never written to.
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    const { mtimeMs } = await stat(temporary);
    return { now: mtimeMs, isPut: await move(temporary, path) };
  });
}

/** Runs a function that uses a temporary file, then removes the file if it still exists, also when the process ends. */
async function whileTemporary<T>(temporary: string, act: () => Promise<T>): Promise<T> {
  const forget = onSuddenEnd(() => rmSync(temporary, { force: true }));
  try {
    return await act();
  } finally {
    await rm(temporary, { force: true }).finally(forget);
  }
}

/** Flushes a folder, because a rename is durable only after that. Windows can't open folders. */
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
