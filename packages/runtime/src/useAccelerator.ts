import { FulmineError } from "@fulmine/core";
import { engine, findBackend, getBackend, ready, setBackend, version_core } from "@tensorflow/tfjs-core";
import { CAN_BE_NATIVE, loadNative, provideNative } from "#native";
import type { Accelerator, AcceleratorReport } from "./acceleratorReport.js";
import type { NativeState } from "./native/loadNative.js";
import type { OnSetupProgress } from "./native/setupProgress.js";
import { loadWasm, wasmFeatures, type LoadWasmOptions } from "./wasm/loadWasm.js";

/** How {@link useAccelerator} goes about it. */
export interface AcceleratorOptions extends LoadWasmOptions {
  /**
   * Whether to set up the native backend when it is missing, as `npx fulmine setup` does (some minutes, once a machine).
   *
   * @defaultValue `false`
   */
  readonly install?: boolean;
  /** Told how far the set-up has come. */
  readonly onProgress?: OnSetupProgress;
  /** Stops the set-up. */
  readonly signal?: AbortSignal;
  /**
   * Whether `auto` leaves alone a backend that the app has made active: any by this function, and any but `cpu` by
   * `tf.setBackend`, for `cpu` is also what tfjs falls back on by itself.
   *
   * @defaultValue `false`
   */
  readonly keepCurrent?: boolean;
}

/**
 * Picks what to compute on, loads it and makes it tfjs's active backend. Tensors and variables that exist already
 * move along when they are next used.
 *
 * `auto` tries `gpu` and `native`, then `webgpu`, `wasm` and `cpu`, and goes on to the next when one can't be had.
 *
 * @throws FulmineError `UNAVAILABLE` when the accelerator asked for can't be had; `INVALID_OPTION` for an unknown one;
 * `UNTRUSTED` when the native backend's files or their folder may have been changed by others; `SETUP_FAILED` and `ABORTED` from a
 * set-up.
 *
 * @example
 * ```ts
 * const { line } = await useAccelerator("auto");
 * console.log(line); // Backend: native (TensorFlow 2.21.0, CPU, 2 threads); no GPU: no NVIDIA GPU was found
 * ```
 */
export async function useAccelerator(
  accelerator: Accelerator,
  options: AcceleratorOptions = {},
): Promise<AcceleratorReport> {
  lastReport = await pick(accelerator, options);
  return lastReport;
}

/** What was chosen here last, so that it is kept with its reasons where the app's choice is to be kept. */
let lastReport: AcceleratorReport | null = null;

async function pick(accelerator: Accelerator, options: AcceleratorOptions): Promise<AcceleratorReport> {
  switch (accelerator) {
    case "auto":
      return useBest(options);
    case "native":
    case "gpu":
      return useNative(accelerator === "gpu" ? "gpu" : "cpu", options);
    case "webgpu":
      return useWebgpu();
    case "wasm":
      return useWasm(options);
    case "cpu":
      return useCpu();
    default:
      throw new FulmineError("INVALID_OPTION", "`accelerator` is unknown.", {
        received: accelerator,
        todo: 'Use "auto", "gpu", "native", "webgpu", "wasm" or "cpu".',
      });
  }
}

async function useBest(options: AcceleratorOptions): Promise<AcceleratorReport> {
  if (options.keepCurrent === true) {
    if (lastReport !== null && lastReport.backend === getBackend()) return lastReport;
    const current = currentBackend();
    if (current !== null) return keep(current);
  }
  const missing: string[] = [];
  const attempts = [
    // In a browser nobody misses it.
    ...(CAN_BE_NATIVE ? [{ name: "native", use: () => useNative("best", options) }] : []),
    { name: "webgpu", use: useWebgpu },
    { name: "wasm", use: () => useWasm(options) },
  ];
  for (const { name, use } of attempts) {
    try {
      return withReasons(await use(), missing);
    } catch (error) {
      if (error instanceof FulmineError && ["ABORTED", "UNTRUSTED"].includes(error.code)) throw error;
      // Nobody in Node misses a GPU that only browsers have.
      if (name !== "webgpu") missing.push(`no ${name}: ${firstLine(error)}`);
    }
  }
  return withReasons(await useCpu(), missing);
}

async function useNative(
  flavor: "cpu" | "gpu" | "best",
  options: AcceleratorOptions,
): Promise<AcceleratorReport> {
  const { install, onProgress, signal, threads } = options;
  const state = await provideNative({
    flavor,
    ...(install === undefined ? {} : { install }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
    ...(threads === undefined ? {} : { threads }),
  });
  await activate("tensorflow");
  return nativeReport(state);
}

function nativeReport({ tensorflow, isGpu, threads, noGpu }: NativeState): AcceleratorReport {
  const device = isGpu ? "GPU" : `CPU, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  const why = noGpu === null ? "" : `; no GPU: ${noGpu}`;
  const accelerator = isGpu ? "gpu" : "native";
  const line = `Backend: ${accelerator} (TensorFlow ${tensorflow}, ${device})${why}`;
  return { accelerator, backend: "tensorflow", version: tensorflow, line };
}

async function useWebgpu(): Promise<AcceleratorReport> {
  if (!("webgpu" in engine().registryFactory)) {
    throw new FulmineError("UNAVAILABLE", "tfjs's webgpu backend is not loaded.", {
      todo: "Import `@tensorflow/tfjs-backend-webgpu` in the app, or use another accelerator.",
    });
  }
  await activate("webgpu");
  return report("webgpu", "webgpu");
}

async function useWasm(options: AcceleratorOptions): Promise<AcceleratorReport> {
  await loadWasm(options);
  await activate("wasm");
  silenceCpuBanner();
  return report("wasm", "wasm", await wasmFeatures());
}

async function useCpu(): Promise<AcceleratorReport> {
  await import("@tensorflow/tfjs-backend-cpu");
  silenceCpuBanner();
  await activate("cpu");
  return report("cpu", "cpu", "plain JavaScript");
}

async function activate(backend: string): Promise<void> {
  let cause: unknown;
  const isActive = await setBackend(backend).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (!isActive) {
    throw new FulmineError("UNAVAILABLE", `tfjs could not start its ${backend} backend.`, { cause });
  }
  await ready();
}

/** The backend that the app has made active; `null` when it has chosen none, or tfjs's last resort. */
function currentBackend(): string | null {
  const name = getBackend();
  // Undefined, against its type, until a backend is chosen.
  const notChosen: readonly unknown[] = [undefined, "", "cpu"];
  return notChosen.includes(name) ? null : name;
}

async function keep(backend: string): Promise<AcceleratorReport> {
  await ready();
  if (backend === "tensorflow") return nativeReport(loadNative());
  if (backend === "wasm") await loadWasm();
  const accelerator = backend === "wasm" || backend === "webgpu" ? backend : null;
  return report(accelerator, backend, "chosen by the app");
}

function report(
  accelerator: AcceleratorReport["accelerator"],
  backend: string,
  ...details: readonly string[]
): AcceleratorReport {
  const inside = [`tfjs ${version_core}`, ...details].join(", ");
  return { accelerator, backend, version: version_core, line: `Backend: ${backend} (${inside})` };
}

function withReasons(chosen: AcceleratorReport, missing: readonly string[]): AcceleratorReport {
  return { ...chosen, line: [chosen.line, ...missing].join("; ") };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}

/** Keeps the cpu backend from greeting every Node process with an advertisement for tfjs-node. */
function silenceCpuBanner(): void {
  if (!("cpu" in engine().registryFactory)) return;
  const backend: unknown = findBackend("cpu");
  if (typeof backend === "object" && backend !== null) Reflect.set(backend, "firstUse", false);
}
