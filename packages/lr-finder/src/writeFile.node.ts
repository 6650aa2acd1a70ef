/**
 * Writes a file whole or not at all, and gives its path back.
 *
 * @throws FulmineError `UNAVAILABLE` when it can't be written.
 */
export async function writeFile(path: string, content: string | Uint8Array): Promise<string> {
  const { nodeFiles } = await import("@fulmine/core/node");
  await nodeFiles.write(path, typeof content === "string" ? Buffer.from(content) : content);
  return path;
}
