import { keep, type Variable } from "@tensorflow/tfjs-core";

/**
 * Remembers the values of variables without copying them: a clone shares its memory with the original until the
 * variable is assigned to.
 *
 * @returns A function that puts every value back and frees what was remembered.
 */
export function captureVariables(variables: readonly Variable[]): () => void {
  const values = variables.map((variable) => keep(variable.clone()));
  return () => {
    for (const [index, variable] of variables.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      if (!variable.isDisposed) variable.assign(value);
      value.dispose();
    }
  };
}
