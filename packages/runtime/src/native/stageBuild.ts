import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { nativeFolder, stagingFolder } from "./cacheFolder.js";
import { clearStaging } from "./clearStaging.js";
import { compileAddon } from "./compileAddon.js";
import { extractWheel } from "./extractWheel.js";
import { fetchWheels } from "./fetchWheels.js";
import { ADDON, COMPLETE, QUIET_ADDON, type CompleteRecord } from "./nativeBuild.js";
import type { NativePackage } from "./nativePackage.js";
import { targetName, type NativeTarget } from "./nativeTarget.js";
import { compileQuietAddon } from "./quietAddon.js";
import { sha256 } from "./sha256.js";
import { runPhase, type OnSetupProgress } from "./setupProgress.js";
import type { Toolchain } from "./toolchain.js";
import { verifyAddon } from "./verifyAddon.js";

const LIBRARIES = ["tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"];
const INCLUDE = "tensorflow/include";
// The C interface's headers and the few that they include in turn, which have moved from release to release.
const HEADERS = [
  "tensorflow/c/",
  "tensorflow/core/platform/",
  "tensorflow/tsl/",
  "tsl/",
  "xla/tsl/",
  "xla/c/",
];

/** What is built, from what, and who is told. */
export interface StageRequest {
  readonly target: NativeTarget;
  readonly source: NativePackage;
  readonly tools: Toolchain;
  readonly signal: AbortSignal;
  readonly onProgress: OnSetupProgress | undefined;
}

/** Makes a build in the staging folder, going on from what an earlier run finished, and moves it into the cache. */
export async function stageBuild(request: StageRequest): Promise<void> {
  const staging = join(stagingFolder(), targetName(request.target));
  const tidyUp = (): void => clearStaging(staging);
  const forget = onSuddenEnd(tidyUp);
  try {
    await stageIn(staging, request);
  } catch (error) {
    tidyUp();
    throw error;
  } finally {
    forget();
  }
}

async function stageIn(staging: string, request: StageRequest): Promise<void> {
  const { target, source, tools, signal, onProgress } = request;
  const site = join(staging, "site");
  const wheels = join(staging, "wheels");
  const addon = join(site, ADDON);

  if (!existsSync(site)) {
    await fetchWheels({ ...request, folder: wheels, scratch: join(staging, "download") });
    await runPhase(onProgress, "extract", "Unpacking libtensorflow", (report) =>
      unpack(request, wheels, site, report),
    );
  }
  if (!existsSync(addon) || !existsSync(join(site, QUIET_ADDON))) {
    await runPhase(onProgress, "compile", "Compiling the addon", async () => {
      const common = { compiler: tools.compiler, scratch: staging, signal };
      if (!existsSync(addon)) {
        await compileAddon({ ...common, source, site, headers: join(site, INCLUDE), output: addon });
      }
      await compileQuietAddon({ ...common, folder: site });
    });
  }
  await runPhase(onProgress, "verify", "Loading it once", () => verifyAddon(addon, signal));
  publish(target, site);
  rmSync(staging, { recursive: true, force: true });
}

async function unpack(
  { target, tools, signal }: StageRequest,
  wheels: string,
  site: string,
  report: (fraction: number) => void,
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
      onFraction: (fraction) => report((index + fraction) / names.length),
    });
  }
  const missing = LIBRARIES.find((library) => !existsSync(join(half, library)));
  if (missing !== undefined) {
    rmSync(half, { recursive: true, force: true });
    throw new FulmineError("SETUP_FAILED", `TensorFlow ${target.tensorflow}'s wheel has no ${missing}.`, {
      todo: "Choose another with `npx fulmine setup --tensorflow VERSION` (2.21.0 is known to work).",
    });
  }
  renameSync(half, site);
}

/** Strips a build of what only compiling needed, writes its record and moves it into place in one step. */
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
  // Only a damaged build can be there: a whole one would have ended the set-up before it began.
  rmSync(home, { recursive: true, force: true });
  renameSync(site, home);
}
