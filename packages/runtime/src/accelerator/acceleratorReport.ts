import { counted } from "@fulmine/core/plugin";
import { version_core } from "@tensorflow/tfjs-core";
import type { NativeState } from "../native/load/loadNative.js";

/**
 * The device and library that tensors are computed with. `native` is libtensorflow on the CPU, `gpu` libtensorflow on an
 * NVIDIA GPU, `webgpu` the browser's GPU, `wasm` WebAssembly, `cpu` plain JavaScript, `auto` the fastest available one.
 */
export type Accelerator = "auto" | "gpu" | "native" | "webgpu" | "wasm" | "cpu";

/** The accelerator in use. */
export interface AcceleratorReport {
  /** The accelerator; `null` when the app selected a backend that is none of them. */
  readonly accelerator: Exclude<Accelerator, "auto"> | null;
  /** The name of the tfjs backend, e.g. `tensorflow`. */
  readonly backend: string;
  /** The TensorFlow release for `native` and `gpu`; otherwise the tfjs version. */
  readonly version: string;
  /** One line of text: the accelerator, and the reasons why no faster one is used. */
  readonly line: string;
}

/** Reports the native backend. */
export function reportNative({ tensorflow, isGpu, threads, noGpu }: NativeState): AcceleratorReport {
  const device = isGpu ? "GPU" : `CPU, ${counted(threads, "thread")}`;
  const reason = noGpu === null ? "" : `; no GPU: ${noGpu}`;
  const accelerator = isGpu ? "gpu" : "native";
  const line = `Backend: ${accelerator} (TensorFlow ${tensorflow}, ${device})${reason}`;
  return { accelerator, backend: "tensorflow", version: tensorflow, line };
}

/** Reports any other backend, with details for the line. */
export function reportTfjs(
  accelerator: AcceleratorReport["accelerator"],
  backend: string,
  ...details: readonly string[]
): AcceleratorReport {
  const text = [`tfjs ${version_core}`, ...details].join(", ");
  return { accelerator, backend, version: version_core, line: `Backend: ${backend} (${text})` };
}

/** Adds the reasons against faster accelerators to the line of a report. */
export function withReasons(report: AcceleratorReport, reasons: readonly string[]): AcceleratorReport {
  return { ...report, line: [report.line, ...reasons].join("; ") };
}
