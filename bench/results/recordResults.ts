import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../../RESULTS.md", import.meta.url));
const HEAD = `# Bench results

Each bench writes its section here when it runs with \`--record\`, and replaces the section that it wrote before. [speed](speed.md),
[wasm](wasm.md) and [regret](regret.md) explain how the benches measure and what the figures mean. The regret section has the 36 given
tasks; [regret](regret.md#results) also has the figures on held-out tasks, which are worse.
`;

/**
 * Writes a bench's results into RESULTS.md.
 *
 * @param title - The heading of the section, whose former text is replaced.
 * @param body - The section as Markdown.
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
