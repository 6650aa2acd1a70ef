import { existsSync } from "node:fs";
import { findExecutable } from "./findExecutable.js";
import { runProcess } from "./runProcess.js";

/** Why no NVIDIA GPU can be used by this process; `null` when the machine has one. Nothing is run. */
export function noGpuReason(): string | null {
  // The second is how Windows' Subsystem for Linux shows a GPU.
  if (!existsSync("/dev/nvidiactl") && !existsSync("/dev/dxg")) return "no NVIDIA GPU was found";
  const visible = process.env["CUDA_VISIBLE_DEVICES"];
  if (visible === "" || visible?.startsWith("-1") === true) return "CUDA_VISIBLE_DEVICES hides it";
  return null;
}

/** The GPU's name as the NVIDIA driver gives it; `null` without a GPU or without `nvidia-smi`. */
export async function gpuName(): Promise<string | null> {
  const program = findExecutable("nvidia-smi");
  if (program === null) return null;
  const { code, stdout } = await runProcess(program, ["--query-gpu=name", "--format=csv,noheader"]);
  const name = stdout.split("\n")[0]?.trim() ?? "";
  return code === 0 && name !== "" ? name : null;
}
