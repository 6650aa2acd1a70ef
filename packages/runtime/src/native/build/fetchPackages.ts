import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { ADDON, TFJS_NODE } from "../cache/nativeBuild.js";
import { TFJS_KEY } from "../cache/tfjsKey.js";
import { runProcess } from "../host/runProcess.js";
import { extractArchive } from "./extractArchive.js";
import { npmPackages, type NpmPackage } from "./npmPackages.js";
import type { Toolchain } from "./toolchain.js";

/** Options of {@link fetchPackages}. */
export interface PackagesRequest {
  readonly tools: Toolchain;
  /** The destination, a folder `node_modules`; it appears once all packages are complete. */
  readonly folder: string;
  /** A folder for incomplete files; it is cleared before the download and removed after it. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/**
 * Downloads the npm packages of a build and extracts the files that it needs. No install script runs: `npm pack` only
 * downloads, with the registry, proxy and credentials of npm's own settings.
 *
 * @throws FulmineError `SETUP_FAILED` when npm can't download them; `UNTRUSTED` when a tarball has another hash than the
 * pinned one; `ABORTED` when `signal` is aborted.
 */
export async function fetchPackages({ tools, folder, scratch, signal }: PackagesRequest): Promise<void> {
  const [tarballs, half] = [join(scratch, "tarballs"), join(scratch, "node_modules")];
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  try {
    const packages = npmPackages();
    await download(packages, tools.npm, tarballs, signal);
    for (const each of packages) {
      const archive = join(tarballs, tarballName(each));
      requireIntegrity(each, archive);
      await extractArchive({
        python: tools.python,
        archive,
        folder: join(half, each.name),
        pattern: `package/(${each.files})`,
        strip: 1,
        signal,
      });
    }
    addStandIns(half);
    renameSync(half, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function download(
  packages: readonly NpmPackage[],
  npm: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { code, stderr } = await runProcess(
    npm,
    [
      "pack",
      "--ignore-scripts",
      "--workspaces=false",
      "--prefer-offline",
      "--loglevel=error",
      "--fetch-retries=1",
      "--fetch-retry-mintimeout=1000",
      "--fetch-timeout=18000",
      `--pack-destination=${folder}`,
      ...packages.map(({ name, version }) => `${name}@${version}`),
    ],
    // A project that names another package manager may still download with npm.
    { env: { COREPACK_ENABLE_STRICT: "0", npm_config_dry_run: "false" }, signal },
  );
  const found = readdirSync(folder);
  const missing = packages.find((each) => !found.includes(tarballName(each)));
  if (code === 0 && missing === undefined) return;
  const line =
    /^npm (?:error|ERR!) (?!(?:code|syscall|errno) )(.+)/m.exec(stderr)?.[1] ??
    stderr.trim().split("\n")[0] ??
    "";
  throw new FulmineError("SETUP_FAILED", `npm could not download ${missing?.name ?? TFJS_NODE}: ${line}`, {
    todo: "Check the network and `npm config get registry`, then run `npx fulmine setup`.",
    cause: stderr,
  });
}

/** Gets the name that `npm pack` gives a tarball. */
function tarballName({ name, version }: NpmPackage): string {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}

function requireIntegrity({ name, version, integrity }: NpmPackage, tarball: string): void {
  const found = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  if (found === integrity) return;
  throw new FulmineError(
    "UNTRUSTED",
    `The tarball of ${name}@${version} on the registry has an unknown hash.`,
    {
      received: found,
      todo: "Check the registry in `npm config get registry`, and use one that has the original package.",
    },
  );
}

/**
 * Adds packages of one line each, which the JavaScript of `@tensorflow/tfjs-node-gpu` imports: the one that names the path of
 * its addon, and tfjs, also as tfjs-core. The latter are the copy of the program that loads the build; the loader puts it into
 * a global variable before.
 */
function addStandIns(folder: string): void {
  const tfjs = `module.exports = globalThis[Symbol.for("${TFJS_KEY}")];\n`;
  const standIns = {
    "@mapbox/node-pre-gyp": `exports.find = () => require("node:path").join(__dirname, "../../../${ADDON}");\n`,
    "@tensorflow/tfjs": tfjs,
    "@tensorflow/tfjs-core": tfjs,
  };
  for (const [name, text] of Object.entries(standIns)) {
    const path = join(folder, name, "index.js");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    writeFileSync(join(dirname(path), "package.json"), `${JSON.stringify({ name, type: "commonjs" })}\n`);
  }
}
