import type { Files } from "../platform/platform.js";

/** Writes a file where nothing is yet, and says whether nothing was. */
export async function writeNew(files: Files, path: string, content: Uint8Array): Promise<boolean> {
  if (files.create !== undefined) return files.create(path, content);
  if ((await files.exists?.(path)) ?? false) return false;
  await files.write(path, content);
  return true;
}
