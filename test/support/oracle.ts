import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a file of reference data from the folder that `FULMINE_ORACLE` names, the project's own when it names none. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what the file holds
export function oracle<T>(name: "metrics" | "optimizers" | "schedules" | "suggestions" | "sweeps"): T {
  const folder = process.env["FULMINE_ORACLE"] ?? join(import.meta.dirname, "../oracle");
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as T;
}
