import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cudaRequirements } from "./cudaRequirements.js";
import { downloadWheel } from "./downloadWheel.js";
import { hostSystem } from "./hostSystem.js";
import { pinnedWheels } from "./pinnedWheels.js";
import { runPhase } from "./setupProgress.js";
import { sha256 } from "./sha256.js";
import type { StageRequest } from "./stageBuild.js";
import { tensorflowPackage, wheelTags } from "./wheelTags.js";

interface FetchRequest extends StageRequest {
  readonly folder: string;
  readonly scratch: string;
}

/** Brings the wheels of a build into a folder, leaving alone those that are there already. */
export async function fetchWheels(request: FetchRequest): Promise<void> {
  const { target, tools, signal, folder } = request;
  const pinned = pinnedWheels(target);
  if (pinned !== null) {
    for (const wheel of pinned) await fetchWheel(request, `${wheel.name}==${wheel.version}`, wheel.sha256);
    return;
  }
  const name = tensorflowPackage(target);
  await fetchWheel(request, `${name}==${target.tensorflow}`, null);
  if (target.flavor === "cpu") return;
  const wheel = join(folder, finishedWheel(folder, name) ?? "");
  for (const requirement of await cudaRequirements(tools.python, wheel, signal)) {
    await fetchWheel(request, requirement, null);
  }
}

async function fetchWheel(request: FetchRequest, requirement: string, hash: string | null): Promise<void> {
  const { target, tools, signal, onProgress, folder, scratch } = request;
  const name = (/^[\w-]+/.exec(requirement)?.[0] ?? requirement).replaceAll("_", "-");
  const finished = finishedWheel(folder, name);
  if (finished !== undefined) {
    const path = join(folder, finished);
    if (hash === null || sha256(path) === hash) return;
    rmSync(path);
  }
  const { glibc } = hostSystem();
  const text = `Downloading ${name}${name.startsWith("tensorflow") ? ` ${target.tensorflow}` : ""}`;
  await runPhase(onProgress, "download", text, (report) =>
    downloadWheel({
      python: tools.python,
      requirement,
      sha256: hash,
      tags: wheelTags(target.arch, glibc),
      folder,
      scratch,
      signal,
      onFraction: report,
    }),
  );
}

function finishedWheel(folder: string, name: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder).find((file) => file.startsWith(`${name.replaceAll("-", "_")}-`));
}
