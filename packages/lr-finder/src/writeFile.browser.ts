/** Offers a file as a download and gives its name back. */
export function writeFile(path: string, content: string | Uint8Array): Promise<string> {
  const name = path.split("/").at(-1) ?? path;
  const part = typeof content === "string" ? content : new Uint8Array(content);
  const url = URL.createObjectURL(new Blob([part]));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
  return Promise.resolve(name);
}
