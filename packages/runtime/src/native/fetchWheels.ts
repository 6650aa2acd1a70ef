import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cudaRequirements } from "./cudaRequirements.js";
import { downloadWheels } from "./downloadWheels.js";
import { hostSystem } from "./hostSystem.js";
import type { StageRequest } from "./stageBuild.js";
import { runPhase } from "./setupProgress.js";
import { tensorflowPackage, wheelTags } from "./wheelTags.js";

/** Brings the wheels of a build into a folder, leaving alone those that are there already. */
export async function fetchWheels(
  request: StageRequest & { readonly folder: string; readonly scratch: string },
): Promise<void> {
  const { target, tools, signal, folder } = request;
  const name = tensorflowPackage(target);
  await fetchWheel(request, `${name}==${target.tensorflow}`);
  if (target.flavor === "cpu") return;
  const wheel = join(folder, finishedWheel(folder, name) ?? "");
  for (const requirement of await cudaRequirements(tools.python, wheel, signal)) {
    await fetchWheel(request, requirement);
  }
}

async function fetchWheel(
  request: StageRequest & { readonly folder: string; readonly scratch: string },
  requirement: string,
): Promise<void> {
  const { target, tools, signal, onProgress, folder, scratch } = request;
  const name = /^[\w-]+/.exec(requirement)?.[0] ?? requirement;
  if (finishedWheel(folder, name) !== undefined) return;
  const { glibc } = hostSystem();
  const text = `Downloading ${name}${name.startsWith("tensorflow") ? ` ${target.tensorflow}` : ""}`;
  await runPhase(onProgress, "download", text, (report) =>
    downloadWheels({
      python: tools.python,
      requirements: [requirement],
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
