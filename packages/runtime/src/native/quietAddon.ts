import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { bindingSource } from "./bindingSource.js";
import { QUIET_ADDON } from "./nativeBuild.js";
import { nodeHeaders } from "./nodeHeaders.js";
import { runProcess } from "./runProcess.js";

/** What {@link compileQuietAddon} compiles with, and where. */
export interface QuietAddonRequest {
  readonly compiler: string;
  /** The build's folder, where the addon goes. */
  readonly folder: string;
  /** A folder for half-made files. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
}

/** Compiles the addon that {@link loadQuietly} uses. A build is whole without it, so a failure is let pass. */
export async function compileQuietAddon(request: QuietAddonRequest): Promise<void> {
  const { compiler, folder, scratch, signal } = request;
  const half = join(scratch, "quiet.half");
  const flags = ["-O1", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", `-I${nodeHeaders()}`];
  const inputs = [bindingSource("quiet_loader.cc"), "-ldl"];
  const { code } = await runProcess(compiler, [...flags, "-o", half, ...inputs], {
    env: { TMPDIR: scratch },
    ...(signal === undefined ? {} : { signal }),
  });
  if (code === 0) renameSync(half, join(folder, QUIET_ADDON));
}

/**
 * Loads a build's libtensorflow without the lines it prints meanwhile. Does nothing when the user asked for all of
 * TensorFlow's messages with `TF_CPP_MIN_LOG_LEVEL=0`, or when the build has no such addon.
 */
export function loadQuietly(folder: string): void {
  const addon = join(folder, QUIET_ADDON);
  if (process.env["TF_CPP_MIN_LOG_LEVEL"] === "0" || !existsSync(addon)) return;
  const quiet: { exports: { load?: (path: string) => void } } = { exports: {} };
  process.dlopen(quiet, addon);
  quiet.exports.load?.(join(folder, "tensorflow", "libtensorflow_framework.so.2"));
}
