import { FulmineError } from "@fulmine/core";
import { engine, getBackend, ready, setBackend } from "@tensorflow/tfjs-core";
import { CAN_BE_NATIVE, loadNative, provideNative } from "#native";
import type { OnSetupProgress } from "../native/build/setupProgress.js";
import { loadWasm, wasmFeatures, type LoadWasmOptions } from "../wasm/loadWasm.js";
import {
  reportNative,
  reportTfjs,
  withReasons,
  type Accelerator,
  type AcceleratorReport,
} from "./acceleratorReport.js";
import { silenceCpuBanner } from "./silenceCpuBanner.js";

/** Options of {@link useAccelerator}. */
export interface AcceleratorOptions extends LoadWasmOptions {
  /**
   * Whether to install the native backend when it is missing, as `npx fulmine setup` does. This takes some minutes, once
   * per machine.
   *
   * @defaultValue `false`
   */
  readonly install?: boolean;
  /** Called with the progress of the installation. */
  readonly onProgress?: OnSetupProgress;
  /** Aborts the installation. */
  readonly signal?: AbortSignal;
  /**
   * Whether `auto` keeps a backend that is active already: any backend that this function activated, and any except `cpu`
   * that `tf.setBackend` activated. tfjs itself falls back to `cpu`, so an active `cpu` backend is no choice of the app.
   *
   * @defaultValue `false`
   */
  readonly keepCurrent?: boolean;
}

/**
 * Selects an accelerator, loads it and makes it tfjs's active backend. Existing tensors and variables move to it when they
 * are next used.
 *
 * `auto` tries `gpu` and `native`, then `webgpu`, `wasm` and `cpu`, and uses the first that is available.
 *
 * @throws FulmineError `UNAVAILABLE` when the requested accelerator is not available; `INVALID_OPTION` when it is unknown;
 * `UNTRUSTED` when others may have changed the files of the native backend; `SETUP_FAILED` and `ABORTED` from an
 * installation.
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
  lastReport = await activateAccelerator(accelerator, options);
  return lastReport;
}

/** The latest report; `keepCurrent` returns it again, with its reasons. */
let lastReport: AcceleratorReport | null = null;

async function activateAccelerator(
  accelerator: Accelerator,
  options: AcceleratorOptions,
): Promise<AcceleratorReport> {
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
    if (current !== null) return keepBackend(current);
  }
  const reasons: string[] = [];
  const candidates = [
    // A browser can't have the native backend, so its absence is not reported there.
    ...(CAN_BE_NATIVE ? [{ name: "native", use: () => useNative("best", options) }] : []),
    { name: "webgpu", use: useWebgpu },
    { name: "wasm", use: () => useWasm(options) },
  ];
  for (const { name, use } of candidates) {
    try {
      return withReasons(await use(), reasons);
    } catch (error) {
      if (error instanceof FulmineError && ["ABORTED", "UNTRUSTED"].includes(error.code)) throw error;
      // Most programs do not import the WebGPU backend, so its absence is not reported.
      if (name !== "webgpu") reasons.push(`no ${name}: ${firstLine(error)}`);
    }
  }
  return withReasons(await useCpu(), reasons);
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
  await activateBackend("tensorflow");
  return reportNative(state);
}

async function useWebgpu(): Promise<AcceleratorReport> {
  if (!("webgpu" in engine().registryFactory)) {
    throw new FulmineError("UNAVAILABLE", "tfjs's webgpu backend is not loaded.", {
      todo: "Import `@tensorflow/tfjs-backend-webgpu` in the app, or use another accelerator.",
    });
  }
  await activateBackend("webgpu");
  return reportTfjs("webgpu", "webgpu");
}

async function useWasm(options: AcceleratorOptions): Promise<AcceleratorReport> {
  await loadWasm(options);
  await activateBackend("wasm");
  silenceCpuBanner();
  return reportTfjs("wasm", "wasm", await wasmFeatures());
}

async function useCpu(): Promise<AcceleratorReport> {
  await import("@tensorflow/tfjs-backend-cpu");
  silenceCpuBanner();
  await activateBackend("cpu");
  return reportTfjs("cpu", "cpu", "plain JavaScript");
}

async function activateBackend(backend: string): Promise<void> {
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

/** Gets the backend that the app has activated; `null` for none and for `cpu`, to which tfjs falls back by itself. */
function currentBackend(): string | null {
  const name = getBackend();
  // Contrary to its type, `getBackend` returns `undefined` until a backend is selected.
  const notSelected: readonly unknown[] = [undefined, "", "cpu"];
  return notSelected.includes(name) ? null : name;
}

async function keepBackend(backend: string): Promise<AcceleratorReport> {
  await ready();
  if (backend === "tensorflow") return reportNative(loadNative());
  if (backend === "wasm") await loadWasm();
  const accelerator = backend === "wasm" || backend === "webgpu" ? backend : null;
  return reportTfjs(accelerator, backend, "chosen by the app");
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}
