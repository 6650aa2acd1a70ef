import { counted } from "@fulmine/core/plugin";
import { FulmineError } from "@fulmine/core";
import type * as Wasm from "@tensorflow/tfjs-backend-wasm";
import { env } from "@tensorflow/tfjs-core";
import { repairWasm } from "./repairWasm.js";

/** Options of the wasm backend. */
export interface LoadWasmOptions {
  /**
   * The number of threads. tfjs has WebAssembly threads only in browsers, on cross-origin isolated pages, and uses at most
   * half the cores. It has an effect only before the first use of the backend.
   *
   * @defaultValue tfjs's default
   */
  readonly threads?: number;
  /** The URL of the folder with the backend's `.wasm` files. Most browser bundles need it. */
  readonly wasmPath?: string;
}

/**
 * Registers the wasm backend with tfjs, and repairs its kernels for training.
 *
 * @throws FulmineError `UNAVAILABLE` when its package can't be loaded.
 */
export async function loadWasm(options: LoadWasmOptions = {}): Promise<void> {
  let wasm: typeof Wasm;
  try {
    wasm = await import("@tensorflow/tfjs-backend-wasm");
  } catch (cause) {
    throw new FulmineError("UNAVAILABLE", "@tensorflow/tfjs-backend-wasm can't be loaded.", {
      todo: "Install it with `npm install @tensorflow/tfjs-backend-wasm`.",
      cause,
    });
  }
  if (options.wasmPath !== undefined) wasm.setWasmPaths(options.wasmPath);
  // In Node tfjs uses one thread. Its threaded build could run there on worker threads, but it uses at most half the
  // cores, starts eight workers at once, and with two or more threads the process does not exit by itself.
  if (options.threads !== undefined) wasm.setThreadsCount(options.threads);
  repairWasm();
}

/** Describes the features of the wasm backend on this platform, e.g. `SIMD, 1 thread`. */
export async function wasmFeatures(): Promise<string> {
  const { getThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
  const hasSimd = (await env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  const threads = (await env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT")) === true ? getThreadsCount() : 1;
  return `${hasSimd ? "SIMD" : "no SIMD"}, ${counted(threads, "thread")}`;
}
