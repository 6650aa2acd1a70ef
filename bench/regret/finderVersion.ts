import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A hash of the finder's compiled code, which keeps the cached searches of different versions apart. */
export function finderVersion(): string {
  const folder = dirname(fileURLToPath(import.meta.resolve("@fulmine/lr-finder")));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && !name.startsWith("figure"))
    .sort();
  const hash = createHash("sha256");
  for (const name of files) hash.update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 8);
}
