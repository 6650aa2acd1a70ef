import { writeFile as write } from "node:fs/promises";

/** Writes a file and gives its path back. */
export async function writeFile(path: string, content: string | Uint8Array): Promise<string> {
  await write(path, content);
  return path;
}
