import { availableParallelism } from "node:os";
import type { AcceleratorReport } from "../acceleratorReport.js";
import { useAccelerator } from "../useAccelerator.js";
import { cacheFolder } from "./cacheFolder.js";
import { folderSize } from "./folderSize.js";
import { gpuName, noGpuReason } from "./gpuDevice.js";
import { hostSystem } from "./hostSystem.js";
import { measureStep, type MeasuredStep } from "./measureStep.js";
import { listBuilds } from "./nativeBuild.js";
import { findNativePackage } from "./nativePackage.js";

/** What `fulmine doctor` says of a machine. */
export interface Diagnosis {
  /** The version of Node, e.g. `20.20.2`. */
  readonly node: string;
  /** The system, e.g. `linux x64, glibc 2.36`. */
  readonly system: string;
  /** The backend that `auto` chose, and why. */
  readonly accelerator: AcceleratorReport;
  /** The installed version of `@tensorflow/tfjs-node-gpu`; `null` when it is not installed. */
  readonly nativePackage: string | null;
  /** The NVIDIA GPU's name, or why there is none. */
  readonly gpu: { readonly name: string | null; readonly reason: string | null };
  readonly threads: {
    readonly cores: number;
    /** `TF_NUM_INTRAOP_THREADS`; `null` when it is not set. */
    readonly intraOp: string | null;
  };
  readonly step: MeasuredStep;
  readonly cache: {
    readonly folder: string;
    /** Its size in bytes. */
    readonly bytes: number;
    /** The finished builds, the one that is loaded first. */
    readonly builds: readonly string[];
  };
}

/** Looks at this machine, loads the backend that `auto` picks and measures a small training step on it. */
export async function diagnose(): Promise<Diagnosis> {
  const { platform, arch, glibc } = hostSystem();
  const installed = findNativePackage();
  const accelerator = await useAccelerator("auto");
  const reason = noGpuReason();
  const folder = cacheFolder();
  return {
    node: process.versions.node,
    system: `${platform} ${arch}${glibc === null ? "" : `, glibc ${glibc}`}`,
    accelerator,
    nativePackage: installed?.version ?? null,
    gpu: { name: reason === null ? ((await gpuName()) ?? "present, of unknown name") : null, reason },
    threads: {
      cores: availableParallelism(),
      intraOp: process.env["TF_NUM_INTRAOP_THREADS"] ?? null,
    },
    step: await measureStep(),
    cache: {
      folder,
      bytes: folderSize(folder),
      builds:
        installed === null
          ? []
          : listBuilds(installed.version, arch).map(
              (build) => `TensorFlow ${build.tensorflow} (${build.flavor})`,
            ),
    },
  };
}
