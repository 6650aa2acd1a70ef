import { createRequire } from "node:module";

/** The version of this package, as its manifest has it. */
export function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("../../package.json");
  const found: unknown =
    typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : null;
  return typeof found === "string" ? found : "unknown";
}
