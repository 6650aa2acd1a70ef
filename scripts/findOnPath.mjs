import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a program, `null` when there is none. */
export function findOnPath(program) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; perhaps in the next folder.
    }
  }
  return null;
}
