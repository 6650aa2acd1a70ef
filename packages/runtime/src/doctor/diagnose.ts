import { availableParallelism } from "node:os";
import { FulmineError } from "@fulmine/core";
import type { Accelerator, AcceleratorReport } from "../accelerator/acceleratorReport.js";
import { useAccelerator } from "../accelerator/useAccelerator.js";
import { cacheFolder, folderSize } from "../native/cache/cacheFolder.js";
import { listBuilds } from "../native/cache/nativeBuild.js";
import { gpuName, noGpuReason, hostSystem } from "../native/host/hostSystem.js";
import { measureFit, type MeasuredFit } from "./measureFit.js";
import { runtimeName } from "./runtimeName.js";

/** The report of `fulmine doctor` about a machine. */
export interface Diagnosis {
  /** The JavaScript runtime, e.g. `Node 20.20.2` or `Bun 1.4.5`. */
  readonly runtime: string;
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
  /** A small fit on the selected accelerator, on `wasm` and on `cpu`. */
  readonly fits: readonly MeasuredFit[];
  /** The reasons why an accelerator could not be measured, with its name. */
  readonly unmeasured: readonly string[];
  readonly cache: {
    readonly folder: string;
    /** The total size of its files, in bytes. */
    readonly bytes: number;
    /** The finished builds; the latest set-up comes first. */
    readonly builds: readonly string[];
  };
}

/** Examines this machine, loads the backend that `auto` selects, and measures a small fit on each backend. */
export async function diagnose(): Promise<Diagnosis> {
  const { platform, arch, glibc } = hostSystem();
  // A fit sets the variable.
  const intraOp = process.env["TF_NUM_INTRAOP_THREADS"] ?? null;
  const measured = await measureFits();
  const reason = noGpuReason();
  const folder = cacheFolder();
  return {
    runtime: runtimeName(),
    system: `${platform} ${arch}${glibc === null ? "" : `, glibc ${glibc}`}`,
    ...measured,
    gpu: { name: reason === null ? ((await gpuName()) ?? "present, of unknown name") : null, reason },
    threads: {
      cores: availableParallelism(),
      intraOp,
    },
    cache: {
      folder,
      bytes: folderSize(folder),
      builds: listBuilds().map((build) => `TensorFlow ${build.tensorflow} (${build.flavor})`),
    },
  };
}

/** Measures a fit on the accelerator that a Trainer selects, which stays active at the end, on `wasm` and on `cpu`. */
async function measureFits(): Promise<Pick<Diagnosis, "accelerator" | "fits" | "unmeasured">> {
  const fits: MeasuredFit[] = [];
  const unmeasured: string[] = [];
  const measure = async (wanted: Accelerator): Promise<void> => {
    if (fits.some(({ accelerator }) => accelerator === wanted)) return;
    try {
      fits.push(await measureFit(wanted));
    } catch (error) {
      if (!(error instanceof FulmineError) || error.code !== "UNAVAILABLE") throw error;
      unmeasured.push(`${wanted}: ${error.message}`);
    }
  };
  await measure("auto");
  const selected = await useAccelerator("auto", { keepCurrent: true });
  for (const each of ["wasm", "cpu"] as const) await measure(each);
  if (selected.accelerator !== null) await useAccelerator(selected.accelerator);
  return { accelerator: selected, fits, unmeasured };
}
