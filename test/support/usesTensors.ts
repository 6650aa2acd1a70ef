import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const known = new Map<string, boolean>();

/** Whether a test file imports TensorFlow.js, itself or through another file of a `test` folder. */
export function usesTensors(file: string): boolean {
  const found = known.get(file);
  if (found !== undefined) return found;
  known.set(file, false);
  // An import at the start of a line: programs in template strings are indented.
  const imports = [...readFileSync(file, "utf8").matchAll(/^import\b[^"]*"([^"]+)"/gm)];
  const uses = imports.some(([, name = ""]) => {
    if (name.startsWith("@tensorflow/")) return true;
    const path = join(dirname(file), name.replace(/\.js$/, ".ts"));
    return name.startsWith(".") && path.includes(`${sep}test${sep}`) && existsSync(path) && usesTensors(path);
  });
  known.set(file, uses);
  return uses;
}
