import type { Variable } from "@tensorflow/tfjs-core";
import { idOf, type NativeBackend } from "../nativeBackend.js";

/**
 * Gives variables that share one tensor a tensor each, over the same memory, so that TensorFlow's numbers tell them apart.
 * `setWeights` of another model's weights makes such variables.
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
