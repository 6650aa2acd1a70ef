import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { useAccelerator, type AcceleratorReport } from "fulmine";

/** Takes WebGPU where there is a GPU, else wasm, whose files the bundler has put under names of its own. */
export async function startBackend(): Promise<AcceleratorReport> {
  if (await hasGpu()) await import("@tensorflow/tfjs-backend-webgpu");
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  });
  return useAccelerator("auto");
}

async function hasGpu(): Promise<boolean> {
  if (!("gpu" in navigator)) return false;
  return (await navigator.gpu.requestAdapter()) !== null;
}
