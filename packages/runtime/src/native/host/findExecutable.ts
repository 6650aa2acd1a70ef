import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Finds a program without running it.
 *
 * @param names - Names to search for in `PATH`, or paths with a `/`, in order of preference.
 * @returns The path of the first program that exists; `null` when none does.
 */
export function findExecutable(...names: readonly string[]): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    if (name.includes("/")) {
      if (isExecutable(name)) return name;
      continue;
    }
    const folder = folders.find((each) => isExecutable(join(each, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
