import { existsSync } from "node:fs";
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
}

let known: HostSystem | undefined;

/** Detects the operating system, the processor and the C library. The result is cached. */
export function hostSystem(): HostSystem {
  known ??= { platform: process.platform, arch: process.arch, glibc: glibcVersion() };
  return known;
}

function glibcVersion(): string | null {
  if (process.platform !== "linux") return null;
  // Node has no other built-in way to get the version of the C library.
  const report: unknown = process.report.getReport();
  const version = field(field(report, "header"), "glibcVersionRuntime");
  return typeof version === "string" ? version : null;
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
