import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { nativeFolder, stagingFolder } from "../cache/cacheFolder.js";
import { clearStaging } from "../cache/clearLeftovers.js";
import {
  ADDON,
  COMPLETE,
  PACKAGES,
  PROCESS_ADDON,
  TFJS_NODE,
  type CompleteRecord,
} from "../cache/nativeBuild.js";
import { targetName, type NativeTarget } from "../cache/nativeTarget.js";
import { sha256 } from "../cache/requireUnchanged.js";
import { libraryPath } from "../host/libraryPath.js";
import { compileAddon, compileProcessAddon, verifyAddon } from "./compileAddon.js";
import { copySources } from "./copySources.js";
import { extractArchive } from "./extractArchive.js";
import { fetchPackages } from "./fetchPackages.js";
import { fetchWheels } from "./fetchWheels.js";
import { runPhase, type OnSetupProgress } from "./setupProgress.js";
import type { Toolchain } from "./toolchain.js";

const INCLUDE = "tensorflow/include";
// The headers of the C API and those that they include. The latter are in different folders in different releases.
const HEADERS = [
  "tensorflow/c/",
  "tensorflow/core/platform/",
  "tensorflow/tsl/",
  "tsl/",
  "xla/tsl/",
  "xla/c/",
];

/** Options of {@link stageBuild}. */
export interface StageRequest {
  readonly target: NativeTarget;
  readonly tools: Toolchain;
  readonly signal: AbortSignal;
  readonly onProgress: OnSetupProgress | undefined;
}

/** Makes a build in the staging folder and moves it to the cache. It continues after the finished steps of an earlier run. */
export async function stageBuild(request: StageRequest): Promise<void> {
  const staging = join(stagingFolder(), targetName(request.target));
  const cleanUp = (): void => clearStaging(staging);
  const removeExitHandler = onSuddenEnd(cleanUp);
  try {
    await runSteps(staging, request);
  } catch (error) {
    cleanUp();
    throw error;
  } finally {
    removeExitHandler();
  }
}

async function runSteps(staging: string, request: StageRequest): Promise<void> {
  const { target, tools, signal, onProgress } = request;
  const site = join(staging, "site");
  const wheels = join(staging, "wheels");
  const addon = join(site, ADDON);
  const packages = join(site, PACKAGES);

  if (!existsSync(site)) {
    const { python } = tools;
    await fetchWheels({
      target,
      python,
      signal,
      onProgress,
      folder: wheels,
      scratch: join(staging, "download"),
    });
    await runPhase(onProgress, "extract", "Extracting libtensorflow", (setFraction) =>
      extract(request, wheels, site, setFraction),
    );
  }
  if (!existsSync(packages)) {
    await runPhase(onProgress, "download", `Downloading ${TFJS_NODE}`, () =>
      fetchPackages({ tools, signal, folder: packages, scratch: join(staging, "packages") }),
    );
  }
  if (!existsSync(addon) || !existsSync(join(site, PROCESS_ADDON))) {
    await runPhase(onProgress, "compile", "Compiling the addon", async () => {
      const own = join(staging, "sources");
      copySources(own);
      const common = { compiler: tools.compiler, site, own, scratch: staging, signal };
      if (!existsSync(addon)) {
        const source = join(packages, TFJS_NODE);
        await compileAddon({ ...common, source, headers: join(site, INCLUDE), output: addon });
      }
      await compileProcessAddon(common);
    });
  }
  await runPhase(onProgress, "verify", "Loading the addon", () => verifyAddon(addon, staging, signal));
  publish(target, site);
  rmSync(staging, { recursive: true, force: true });
}

async function extract(
  { target, tools, signal }: StageRequest,
  wheels: string,
  site: string,
  setFraction: (fraction: number) => void,
): Promise<void> {
  const half = `${site}.${process.pid}.half`;
  const names = readdirSync(wheels);
  const libraries = [libraryPath("cc"), libraryPath("framework")];
  for (const [index, name] of names.entries()) {
    await extractArchive({
      python: tools.python,
      archive: join(wheels, name),
      folder: half,
      pattern: name.startsWith("tensorflow")
        ? `${libraries.join("|")}|${INCLUDE}/(${HEADERS.join("|")}).+`
        : "nvidia/.+",
      signal,
      onFraction: (fraction) => setFraction((index + fraction) / names.length),
    });
  }
  const missing = libraries.find((library) => !existsSync(join(half, library)));
  if (missing !== undefined) {
    rmSync(half, { recursive: true, force: true });
    throw new FulmineError(
      "SETUP_FAILED",
      `The wheel of TensorFlow ${target.tensorflow} has no ${missing}.`,
      {
        todo: "Select another with `npx fulmine setup --tensorflow VERSION` (2.21.0 is known to work).",
      },
    );
  }
  renameSync(half, site);
}

/** Removes the headers and the C++ sources from a build, writes its record and moves it to the cache with one rename. */
function publish(target: NativeTarget, site: string): void {
  rmSync(join(site, INCLUDE), { recursive: true, force: true });
  rmSync(join(site, PACKAGES, TFJS_NODE, "binding"), { recursive: true, force: true });
  const name = targetName(target);
  const main = [ADDON, PROCESS_ADDON, libraryPath("cc"), libraryPath("framework")];
  const executed = [ADDON, PROCESS_ADDON, ...filesIn(site, PACKAGES)];
  const record: CompleteRecord = {
    name,
    tensorflow: target.tensorflow,
    flavor: target.flavor,
    files: Object.fromEntries(main.map((file) => [file, statSync(join(site, file)).size])),
    sha256: Object.fromEntries(executed.map((file) => [file, sha256(join(site, file))])),
  };
  writeFileSync(join(site, COMPLETE), `${JSON.stringify(record, null, 2)}\n`);
  const home = join(nativeFolder(), name);
  mkdirSync(nativeFolder(), { recursive: true });
  // A build at this place is damaged: the set-up would have used a complete one.
  rmSync(home, { recursive: true, force: true });
  renameSync(site, home);
}

/** Lists the files in a folder of a build, by their paths in the build. */
function filesIn(site: string, folder: string): string[] {
  return readdirSync(join(site, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(site, join(parentPath, name)));
}
