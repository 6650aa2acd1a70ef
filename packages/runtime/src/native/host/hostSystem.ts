import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { release } from "node:os";
import { findExecutable } from "./findExecutable.js";
import { runProcess } from "./runProcess.js";

/** The parts of this machine that decide which libtensorflow runs on it. */
export interface HostSystem {
  /** The operating system, in the terms of `process.platform`. */
  readonly platform: NodeJS.Platform;
  /** The processor, in the terms of `process.arch`. */
  readonly arch: NodeJS.Architecture;
  /** The version of the GNU C library, e.g. `2.36`; `null` on systems without it (musl, macOS, Windows). */
  readonly glibc: string | null;
  /** The major version of macOS, e.g. `14`; `null` on other systems. */
  readonly macos: number | null;
}

let known: HostSystem | undefined;

/** Detects the operating system, the processor and the C library. The result is cached. */
export function hostSystem(): HostSystem {
  const { platform, arch } = process;
  known ??= {
    platform,
    arch,
    glibc: platform === "linux" ? glibcVersion() : null,
    macos: platform === "darwin" ? macosVersion(release()) : null,
  };
  return known;
}

function glibcVersion(): string | null {
  const version = field(field(processReport(), "header"), "glibcVersionRuntime");
  if (typeof version === "string") return version;
  if (process.versions["bun"] === undefined && process.versions["deno"] === undefined) return null;
  // Deno's report does not tell the version of the C library.
  const { status, stdout } = spawnSync("getconf", ["GNU_LIBC_VERSION"], { encoding: "utf8" });
  return status === 0 ? (/^glibc ([\d.]+)/.exec(stdout)?.[1] ?? null) : null;
}

/** Gets Node's report about this process, its only built-in way to tell the version of the C library. */
function processReport(): unknown {
  try {
    return process.report.getReport();
  } catch {
    return null;
  }
}

/**
 * Gets the major version of macOS from the version of its kernel, which is 9 higher, from macOS 26 on 1 lower.
 *
 * @param kernel - The version of the kernel, as `os.release()` returns it.
 */
export function macosVersion(kernel: string): number {
  const major = Number.parseInt(kernel, 10);
  return major >= 25 ? major + 1 : major - 9;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Gets the reason why this process can't use an NVIDIA GPU; `null` when it can. Starts no program. */
export function noGpuReason(): string | null {
  // Windows Subsystem for Linux exposes a GPU as /dev/dxg.
  if (!existsSync("/dev/nvidiactl") && !existsSync("/dev/dxg")) return "no NVIDIA GPU was found";
  const visible = process.env["CUDA_VISIBLE_DEVICES"];
  if (visible === "" || visible?.startsWith("-1") === true) return "CUDA_VISIBLE_DEVICES hides it";
  return null;
}

/** Gets the name that the NVIDIA driver reports for the GPU; `null` without a GPU or without `nvidia-smi`. */
export async function gpuName(): Promise<string | null> {
  const program = findExecutable("nvidia-smi");
  if (program === null) return null;
  const { code, stdout } = await runProcess(program, ["--query-gpu=name", "--format=csv,noheader"]);
  const name = stdout.split("\n")[0]?.trim() ?? "";
  return code === 0 && name !== "" ? name : null;
}
