import { getKernelsForBackend, registerKernel, setBackend, unregisterKernel } from "@tensorflow/tfjs";
import { repairWasm } from "@fulmine/runtime";
// Registers tfjs's own kernels.
import "@tensorflow/tfjs-backend-wasm";

/** Starts the wasm backend; the functions given back put tfjs's own kernels into use, or the repaired ones. */
export async function startWasm(): Promise<{ readonly stock: () => void; readonly repaired: () => void }> {
  await setBackend("wasm");
  const stock = getKernelsForBackend("wasm");
  repairWasm();
  const repaired = getKernelsForBackend("wasm");
  const use = (kernels: typeof stock) => () => {
    for (const { kernelName } of getKernelsForBackend("wasm")) unregisterKernel(kernelName, "wasm");
    for (const kernel of kernels) registerKernel(kernel);
  };
  return { stock: use(stock), repaired: use(repaired) };
}
