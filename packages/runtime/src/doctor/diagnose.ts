import { availableParallelism } from "node:os";
import type { AcceleratorReport } from "../accelerator/acceleratorReport.js";
import { useAccelerator } from "../accelerator/useAccelerator.js";
import { cacheFolder, folderSize } from "../native/cache/cacheFolder.js";
import { listBuilds } from "../native/cache/nativeBuild.js";
import { gpuName, noGpuReason, hostSystem } from "../native/host/hostSystem.js";
import { measureStep, type MeasuredStep } from "./measureStep.js";

/** The report of `fulmine doctor` about a machine. */
export interface Diagnosis {
  /** The Node version, e.g. `20.20.2`. */
  readonly node: string;
  /** The operating system, the processor and the C library, e.g. `linux x64, glibc 2.36`. */
  readonly system: string;
  /** The backend that `auto` selected, with the reasons. */
  readonly accelerator: AcceleratorReport;
  /** The name of the NVIDIA GPU, or the reason why none can be used. */
  readonly gpu: { readonly name: string | null; readonly reason: string | null };
  readonly threads: {
    readonly cores: number;
    /** `TF_NUM_INTRAOP_THREADS`; `null` when it is not set. */
    readonly intraOp: string | null;
  };
  readonly step: MeasuredStep;
  readonly cache: {
    readonly folder: string;
    /** The total size of its files, in bytes. */
    readonly bytes: number;
    /** The finished builds; the latest set-up comes first. */
    readonly builds: readonly string[];
  };
}

/** Examines this machine, loads the backend that `auto` selects, and measures a small training step on it. */
export async function diagnose(): Promise<Diagnosis> {
  const { platform, arch, glibc } = hostSystem();
  const accelerator = await useAccelerator("auto");
  const reason = noGpuReason();
  const folder = cacheFolder();
  return {
    node: process.versions.node,
    system: `${platform} ${arch}${glibc === null ? "" : `, glibc ${glibc}`}`,
    accelerator,
    gpu: { name: reason === null ? ((await gpuName()) ?? "present, of unknown name") : null, reason },
    threads: {
      cores: availableParallelism(),
      intraOp: process.env["TF_NUM_INTRAOP_THREADS"] ?? null,
    },
    step: await measureStep(),
    cache: {
      folder,
      bytes: folderSize(folder),
      builds: listBuilds().map((build) => `TensorFlow ${build.tensorflow} (${build.flavor})`),
    },
  };
}
