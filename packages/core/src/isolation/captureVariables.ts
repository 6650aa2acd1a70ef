import type { Variable } from "@tensorflow/tfjs-core";
import { shared } from "../tensors/shared.js";

/**
 * Remembers the values of variables without copying them: what is remembered shares its memory with the
 * variable until that is assigned to.
 *
 * @returns A function that puts every value back and frees what was remembered.
 */
export function captureVariables(variables: readonly Variable[]): () => void {
  const values = variables.map(shared);
  return () => {
    for (const [index, variable] of variables.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      if (!variable.isDisposed) variable.assign(value);
      value.dispose();
    }
  };
}
