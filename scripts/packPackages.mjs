import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const packages = join(import.meta.dirname, "../packages");

/** Packs every package as it would be published into a folder, and gives the tarballs' paths by the packages' names. */
export function packPackages(folder) {
  return Object.fromEntries(
    readdirSync(packages).map((name) => {
      const args = ["pack", "--json", "--pack-destination", folder];
      const cwd = join(packages, name);
      const [packed] = JSON.parse(
        execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
      );
      return [packed.name, join(folder, packed.filename)];
    }),
  );
}
