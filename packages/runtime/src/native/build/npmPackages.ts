import { readFileSync } from "node:fs";
import * as v from "valibot";

const packagesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.object({
      name: v.string(),
      version: v.string(),
      /** The SHA-512 of the tarball, as `package-lock.json` writes it. */
      integrity: v.string(),
      licence: v.string(),
      /** A regular expression for the paths of the files that a build needs. */
      files: v.string(),
    }),
  ),
);

/** An npm package whose files become part of a build. */
export type NpmPackage = Readonly<v.InferOutput<typeof packagesSchema>[number]>;

/**
 * Lists the npm packages that a set-up downloads: `@tensorflow/tfjs-node-gpu`, which connects tfjs with libtensorflow, and the
 * two packages that its JavaScript imports. They are no dependencies of this package, because npm would run the install
 * script of the first one, which downloads a libtensorflow that Fulmine does not use.
 */
export function npmPackages(): readonly NpmPackage[] {
  // The path is the same from `src` and from `dist`.
  return v.parse(packagesSchema, readFileSync(new URL("../../../npmPackages.json", import.meta.url), "utf8"));
}
