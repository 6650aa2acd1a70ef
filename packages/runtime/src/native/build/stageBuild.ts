import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { nativeFolder, stagingFolder } from "../cache/cacheFolder.js";
import { clearStaging } from "../cache/clearLeftovers.js";
import { ADDON, COMPLETE, QUIET_ADDON, type CompleteRecord } from "../cache/nativeBuild.js";
import { targetName, type NativeTarget } from "../cache/nativeTarget.js";
import { sha256 } from "../cache/requireUnchanged.js";
import type { NativePackage } from "../host/nativePackage.js";
import { compileAddon, compileQuietAddon, verifyAddon } from "./compileAddon.js";
import { extractWheel } from "./extractWheel.js";
import { fetchWheels } from "./fetchWheels.js";
import { runPhase, type OnSetupProgress } from "./setupProgress.js";
import type { Toolchain } from "./toolchain.js";

const LIBRARIES = ["tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"];
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
  readonly source: NativePackage;
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
  const { target, source, tools, signal, onProgress } = request;
  const site = join(staging, "site");
  const wheels = join(staging, "wheels");
  const addon = join(site, ADDON);

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
  if (!existsSync(addon) || !existsSync(join(site, QUIET_ADDON))) {
    await runPhase(onProgress, "compile", "Compiling the addon", async () => {
      const common = { compiler: tools.compiler, site, scratch: staging, signal };
      if (!existsSync(addon)) {
        await compileAddon({ ...common, source, headers: join(site, INCLUDE), output: addon });
      }
      await compileQuietAddon(common);
    });
  }
  await runPhase(onProgress, "verify", "Loading the addon", () => verifyAddon(addon, signal));
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
  for (const [index, name] of names.entries()) {
    await extractWheel({
      python: tools.python,
      wheel: join(wheels, name),
      folder: half,
      prefixes: name.startsWith("tensorflow")
        ? [...LIBRARIES, ...HEADERS.map((header) => `${INCLUDE}/${header}`)]
        : ["nvidia/"],
      signal,
      onFraction: (fraction) => setFraction((index + fraction) / names.length),
    });
  }
  const missing = LIBRARIES.find((library) => !existsSync(join(half, library)));
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

/** Removes the headers from a build, writes its record and moves it to the cache with one rename. */
function publish(target: NativeTarget, site: string): void {
  rmSync(join(site, INCLUDE), { recursive: true, force: true });
  const name = targetName(target);
  const record: CompleteRecord = {
    name,
    tensorflow: target.tensorflow,
    flavor: target.flavor,
    tfjs: target.tfjs,
    files: Object.fromEntries([ADDON, ...LIBRARIES].map((file) => [file, statSync(join(site, file)).size])),
    addonSha256: sha256(join(site, ADDON)),
    ...(existsSync(join(site, QUIET_ADDON)) ? { quietSha256: sha256(join(site, QUIET_ADDON)) } : {}),
  };
  writeFileSync(join(site, COMPLETE), `${JSON.stringify(record, null, 2)}\n`);
  const home = join(nativeFolder(), name);
  mkdirSync(nativeFolder(), { recursive: true });
  // A build at this place is damaged: the set-up would have used a complete one.
  rmSync(home, { recursive: true, force: true });
  renameSync(site, home);
}
