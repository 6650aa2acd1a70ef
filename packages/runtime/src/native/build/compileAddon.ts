import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { PROCESS_ADDON } from "../cache/nativeBuild.js";
import { runProcess, type RunResult } from "../host/runProcess.js";
import { addonFlags, libraryFlags } from "./compileFlags.js";

/** Options of {@link compileProcessAddon}. */
export interface ProcessAddonRequest {
  readonly compiler: string;
  /** The folder that contains `tensorflow/` with the two libraries; the addons are written there. */
  readonly site: string;
  /** The folder with this package's sources and Node's headers. */
  readonly own: string;
  /** A folder for incomplete files. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
}

/** Options of {@link compileAddon}. */
export interface CompileRequest extends ProcessAddonRequest {
  /** The folder of `@tensorflow/tfjs-node-gpu`. */
  readonly source: string;
  /** The folder of TensorFlow's C headers. */
  readonly headers: string;
  /** The path of the compiled addon, in `site`. */
  readonly output: string;
}

/**
 * Compiles the addon of `@tensorflow/tfjs-node-gpu` from its unchanged sources, together with `session_config.cc`.
 *
 * @throws FulmineError `SETUP_FAILED` with the compiler's first error; `ABORTED` when `signal` is aborted.
 */
export async function compileAddon(request: CompileRequest): Promise<void> {
  const { own, source, site, headers, output, scratch } = request;
  const binding = join(source, "binding");
  const sources = readdirSync(binding).filter((name) => name.endsWith(".cc"));
  const half = join(scratch, `addon.${process.pid}.half`);
  const result = await compile(request, [
    "-O2",
    ...addonFlags(),
    `-I${own}`,
    `-I${headers}`,
    `-I${source}`,
    ...sources.map((name) => join(binding, name)),
    // The addon then calls the functions of session_config.cc, which give the graphs that it loads their own settings.
    "-DTF_NewSessionOptions=FulmineNewSessionOptions",
    "-DTF_SessionRun=FulmineSessionRun",
    join(own, "session_config.cc"),
    "-o",
    half,
    ...libraryFlags(join(site, "tensorflow")),
  ]);
  requireSuccess(result);
  renameSync(half, output);
}

function requireSuccess({ code, stderr }: RunResult): void {
  if (code === 0) return;
  const line = stderr.split("\n").find((each) => /error|not found|cannot/i.test(each)) ?? stderr;
  throw new FulmineError("SETUP_FAILED", `The addon could not be compiled: ${line.trim()}`, {
    todo: "Install a compiler for C++17 (g++ 8, clang 7 or later; macOS: `xcode-select --install`).",
    cause: stderr,
  });
}

/**
 * Compiles the addon that sets environment variables and loads libtensorflow without its output.
 *
 * @throws FulmineError `SETUP_FAILED` with the compiler's first error; `ABORTED` when `signal` is aborted.
 */
export async function compileProcessAddon(request: ProcessAddonRequest): Promise<void> {
  const { own, site, scratch } = request;
  const half = join(scratch, "process.half");
  const flags = ["-O1", ...addonFlags(), `-I${own}`];
  const inputs = [join(own, "process.cc"), "-ldl"];
  requireSuccess(await compile(request, [...flags, "-o", half, ...inputs]));
  renameSync(half, join(site, PROCESS_ADDON));
}

const VERSION_SCRIPT = `
const addon = { exports: {} };
process.dlopen(addon, process.argv[2]);
console.log("TensorFlow " + addon.exports.TF_Version);
`;

/**
 * Loads a compiled addon in another process and gets its TensorFlow version.
 *
 * @param scratch - A folder for the program that does so.
 * @throws FulmineError `SETUP_FAILED` when it does not load; `ABORTED` when `signal` is aborted.
 */
export async function verifyAddon(addon: string, scratch: string, signal?: AbortSignal): Promise<string> {
  const script = join(scratch, "verify.cjs");
  writeFileSync(script, VERSION_SCRIPT);
  const flags = process.versions["deno"] === undefined ? [] : ["run", "-A"];
  const result = await runProcess(process.execPath, [...flags, script, addon], {
    env: { TF_CPP_MIN_LOG_LEVEL: "2", NODE_OPTIONS: "" },
    ...(signal === undefined ? {} : { signal }),
  });
  const version = /^TensorFlow (\S+)/m.exec(result.stdout)?.[1];
  if (result.code === 0 && version !== undefined) return version;
  const line = result.stderr.split("\n").find((each) => /error/i.test(each)) ?? "it crashed";
  throw new FulmineError("SETUP_FAILED", `The compiled addon does not load: ${line.trim()}`, {
    cause: result.stderr,
  });
}

function compile({ compiler, scratch, signal }: ProcessAddonRequest, args: readonly string[]) {
  // An interrupted compiler leaves its temporary files in TMPDIR; in `scratch` they are removed later.
  return runProcess(compiler, args, {
    env: { TMPDIR: scratch },
    ...(signal === undefined ? {} : { signal }),
  });
}
