/** Gets the name and the version of the JavaScript runtime: Node, Bun or Deno. The latter two call themselves Node too. */
export function runtimeName(versions: Readonly<Partial<Record<string, string>>> = process.versions): string {
  const { bun, deno, node = "of unknown version" } = versions;
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? `Node ${node}` : `Deno ${deno}`;
}
