import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The paths of all Markdown files of the project that people write, from its root. */
export function markdownPages() {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md", ":!api"];
  const cwd = join(import.meta.dirname, "..");
  return execFileSync("git", args, { cwd, encoding: "utf8" }).trim().split("\n").sort();
}
