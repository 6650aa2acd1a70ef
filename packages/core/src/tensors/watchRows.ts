import { abs, max, sub, tidy, type Tensor2D, type Variable } from "@tensorflow/tfjs-core";
import { shared } from "./shared.js";

/** Counts the rows of matrices that change, such as the rows of an embedding that a batch touches. */
export interface RowWatch {
  /** The number of changed rows of each matrix, by its variable. Frees the values that it compares with. */
  changed(): Promise<ReadonlyMap<Variable, number>>;
  /** Frees the values without counting. */
  dispose(): void;
}

/** Watches the variables of rank 2 from now on, without copying them. */
export function watchRows(variables: readonly Variable[]): RowWatch {
  const before = variables
    .filter(({ rank }) => rank === 2)
    .map((variable) => ({ variable, value: shared(variable) as Tensor2D }));
  const dispose = (): void => {
    for (const { value } of before.splice(0)) value.dispose();
  };
  return {
    async changed() {
      const counts = new Map<Variable, number>();
      try {
        for (const { variable, value } of before) {
          const changes = tidy(() => max(abs(sub(variable, value)), 1));
          try {
            counts.set(variable, (await changes.data()).filter((change) => change > 0).length);
          } finally {
            changes.dispose();
          }
        }
      } finally {
        dispose();
      }
      return counts;
    },
    dispose,
  };
}
