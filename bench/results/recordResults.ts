import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../../RESULTS.md", import.meta.url));
const HEAD = `# What the benches measured

Written by the benches themselves, with \`--record\`: each puts its own part in the place of what it measured before. How they
measure, and what the figures mean, is said beside them: [speed](speed.md), [wasm](wasm.md), [regret](regret.md).
`;

/**
 * Puts what a bench measured into RESULTS.md.
 *
 * @param title - The heading of its part, whose former text goes.
 * @param body - The part as Markdown.
 */
export function recordResults(title: string, body: string): void {
  const parts = readParts();
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), Node ${process.versions.node}`;
  parts.set(title, `${body.trim()}\n\n${machine}, ${new Date().toISOString().slice(0, 10)}.\n`);
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, [HEAD, ...sorted.map(([name, text]) => `## ${name}\n\n${text}`)].join("\n"));
}

function readParts(): Map<string, string> {
  const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  const parts = text.split(/^## /m).slice(1);
  return new Map(
    parts.map((part): [string, string] => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), `${part.slice(end).trim()}\n`];
    }),
  );
}
