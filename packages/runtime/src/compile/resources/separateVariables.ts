import type { Variable } from "@tensorflow/tfjs-core";
import { idOf, type NativeBackend } from "../nativeBackend.js";

/**
 * Gives each variable that shares its data a tensor number of its own, over the same memory. TensorFlow's numbers then
 * identify the variables. Calling `setWeights` with another model's weights makes variables share data.
 */
export function separateVariables(backend: NativeBackend, variables: readonly Variable[]): void {
  const { binding, tensorMap } = backend;
  for (const variable of variables) {
    const { refCount, dtype } = tensorMap.get(variable.dataId);
    if (refCount === 1) continue;
    const type = { name: "T", type: binding.TF_ATTR_TYPE, value: dtype };
    const [output] = binding.executeOp("Identity", [type], [idOf(backend, variable)], 1);
    if (output === undefined) continue;
    const own = backend.createOutputTensor(output);
    variable.assign(own);
    own.dispose();
  }
}
