import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import type { NativeTarget } from "../cache/nativeTarget.js";
import { sha256 } from "../cache/requireUnchanged.js";
import { hostSystem } from "../host/hostSystem.js";
import { runProcess } from "../host/runProcess.js";
import { downloadWheel } from "./downloadWheel.js";
import { pinnedWheels } from "./pinnedWheels.js";
import { runPhase, type OnSetupProgress } from "./setupProgress.js";
import { tensorflowPackage, wheelTags } from "./wheelTags.js";

/** Options of {@link fetchWheels}. */
export interface FetchRequest {
  readonly target: NativeTarget;
  readonly python: string;
  /** The folder for complete wheels. */
  readonly folder: string;
  /** A folder for incomplete files. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnSetupProgress | undefined;
}

/** Downloads the wheels of a build, except those that the folder already contains. */
export async function fetchWheels(request: FetchRequest): Promise<void> {
  const { target, python, signal, folder } = request;
  const pinned = pinnedWheels(target);
  if (pinned !== null) {
    for (const wheel of pinned) await fetchWheel(request, `${wheel.name}==${wheel.version}`, wheel.sha256);
    return;
  }
  const name = tensorflowPackage(target);
  await fetchWheel(request, `${name}==${target.tensorflow}`, null);
  if (target.flavor === "cpu") return;
  const wheel = join(folder, findWheel(folder, name) ?? "");
  for (const requirement of await cudaRequirements(python, wheel, signal)) {
    await fetchWheel(request, requirement, null);
  }
}

async function fetchWheel(request: FetchRequest, requirement: string, hash: string | null): Promise<void> {
  const { target, python, signal, onProgress, folder, scratch } = request;
  const name = (/^[\w-]+/.exec(requirement)?.[0] ?? requirement).replaceAll("_", "-");
  const finished = findWheel(folder, name);
  if (finished !== undefined) {
    const path = join(folder, finished);
    if (hash === null || sha256(path) === hash) return;
    rmSync(path);
  }
  const text = `Downloading ${name}${name.startsWith("tensorflow") ? ` ${target.tensorflow}` : ""}`;
  await runPhase(onProgress, "download", text, (setFraction) =>
    downloadWheel({
      python,
      requirement,
      sha256: hash,
      tags: wheelTags(hostSystem()),
      folder,
      scratch,
      signal,
      onFraction: setFraction,
    }),
  );
}

function findWheel(folder: string, name: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder).find((file) => file.startsWith(`${name.replaceAll("-", "_")}-`));
}

const METADATA_SCRIPT = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    sys.stdout.write(archive.read(name).decode())
`;

/** Reads the NVIDIA packages that a wheel of TensorFlow requires in its `and-cuda` extra, as pip requirements. */
async function cudaRequirements(python: string, wheel: string, signal: AbortSignal): Promise<string[]> {
  const result = await runProcess(python, ["-c", METADATA_SCRIPT, wheel], { signal });
  const found = parseCudaRequirements(result.stdout);
  if (result.code === 0 && found.length > 0) return found;
  throw new FulmineError(
    "SETUP_FAILED",
    "The wheel of this TensorFlow release does not list the CUDA packages that it needs.",
    {
      todo: "Select another with `npx fulmine setup --gpu --tensorflow VERSION` (2.21.0 is known to work).",
      cause: result.stderr,
    },
  );
}

/** Parses the requirements of the `and-cuda` extra in the METADATA of a wheel. */
export function parseCudaRequirements(metadata: string): string[] {
  return metadata.split("\n").flatMap((line) => {
    const match = /^Requires-Dist: *(nvidia-[^;]+?) *;.*extra *== *['"]and-cuda['"]/.exec(line);
    return match?.[1] === undefined ? [] : [match[1].replace(/[ ()]/g, "")];
  });
}
