import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeHeaders } from "./nodeHeaders.js";
import { runProcess } from "./runProcess.js";

/** The name of the addon in a build's folder. */
export const QUIET_ADDON = "quiet.node";

// libtensorflow prints two lines while it is being loaded, before it reads TF_CPP_MIN_LOG_LEVEL, so no setting keeps
// them back. JavaScript can't redirect a file descriptor; this loads the library with standard error put aside.
const SOURCE = `
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#include <cstdio>
#include <node_api.h>
static napi_value Load(napi_env env, napi_callback_info info) {
  size_t count = 1, length = 0;
  napi_value argument;
  char path[4096];
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) != napi_ok || count != 1) return nullptr;
  if (napi_get_value_string_utf8(env, argument, path, sizeof path, &length) != napi_ok) return nullptr;
  fflush(stderr);
  int kept = dup(2), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nowhere >= 0) dup2(nowhere, 2);
  dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  fflush(stderr);
  if (kept >= 0) { dup2(kept, 2); close(kept); }
  if (nowhere >= 0) close(nowhere);
  return nullptr;
}
extern "C" __attribute__((visibility("default")))
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value load;
  if (napi_create_function(env, "load", NAPI_AUTO_LENGTH, Load, nullptr, &load) == napi_ok)
    napi_set_named_property(env, exports, "load", load);
  return exports;
}
`;

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
  const source = join(scratch, "quiet.cc");
  const half = join(scratch, "quiet.half");
  writeFileSync(source, SOURCE);
  const flags = ["-O1", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", `-I${nodeHeaders()}`];
  const { code } = await runProcess(compiler, [...flags, source, "-o", half, "-ldl"], {
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
