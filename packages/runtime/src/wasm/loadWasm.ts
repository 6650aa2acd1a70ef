import { FulmineError } from "@fulmine/core";
import type * as Wasm from "@tensorflow/tfjs-backend-wasm";
import { env } from "@tensorflow/tfjs-core";
import { repairWasm } from "./repairWasm.js";

/** How the wasm backend is loaded. */
export interface LoadWasmOptions {
  /**
   * How many threads to compute on, where tfjs has threads for WebAssembly: in browsers on cross-origin isolated pages,
   * and at most half the cores. Takes effect before the backend is first used.
   *
   * @defaultValue What tfjs chooses.
   */
  readonly threads?: number;
  /** The address of the folder that serves the backend's `.wasm` files; needed in most browser bundles. */
  readonly wasmPath?: string;
}

/**
 * Registers the wasm backend with tfjs and repairs the kernels that training needs.
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
  // In Node tfjs keeps to one thread. Its threaded build can be started there by hand on worker threads, but it takes at
  // most half the cores, starts eight workers at once, and with two threads or more the process never ends by itself.
  if (options.threads !== undefined) wasm.setThreadsCount(options.threads);
  repairWasm();
}

/** What this platform gives the wasm backend, e.g. `SIMD, 1 thread`. */
export async function wasmFeatures(): Promise<string> {
  const { getThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
  const hasSimd = (await env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  const threads = (await env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT")) === true ? getThreadsCount() : 1;
  return `${hasSimd ? "SIMD" : "no SIMD"}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}
