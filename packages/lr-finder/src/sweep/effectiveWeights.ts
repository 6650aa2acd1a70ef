import type { Optimizer } from "@fulmine/core";
import { watchRows } from "@fulmine/core/plugin";
import { dependsOnWeights, plainName } from "../rules/prior.js";

/** Optimizers whose first step moves every weight that has a gradient by about the rate, so that a weight which stays has none. */
const MOVES_ALL = new Set(["adam", "adamw", "nadam", "rmsprop", "adagrad", "adamax"]);
/** Below this rate such a step is lost in the rounding of float32 weights. */
const LEAST_LR = 1e-7;

/**
 * Counts the weights on which the usual rate of an optimizer depends (see `SweptOptimizer`), by watching a training step.
 *
 * Of a matrix of which the step changes only some rows, such as a large embedding, the geometric mean of these and of all rows
 * counts. A kernel of more than two dimensions is shared between the positions of its input, and counts as often as it is wide:
 * √9 times for a kernel of 3 × 3. Both were chosen by what trained best on drawn tasks, see bench/regret.md.
 *
 * @param step - Trains one step.
 * @returns What the step returned, and the number of weights; `undefined` if it is that of all weights, or if the usual rate does
 * not depend on it.
 */
export async function countEffectiveWeights<T>(
  optimizer: Optimizer,
  step: () => Promise<T>,
): Promise<{ readonly result: T; readonly effectiveWeights: number | undefined }> {
  const { name, params, lr } = optimizer;
  if (!dependsOnWeights(name)) return { result: await step(), effectiveWeights: undefined };
  const watch = watchRows(MOVES_ALL.has(plainName(name)) && lr >= LEAST_LR ? params : []);
  try {
    const result = await step();
    const rows = await watch.changed();
    let [weights, effective] = [0, 0];
    for (const param of params) {
      const { size, shape } = param;
      // A matrix that does not change at all has no gradient in this step, or an invisible one.
      const [all = 1] = shape;
      const touched = rows.get(param) || all;
      weights += size;
      effective += shape.length === 2 ? size * Math.sqrt(touched / all) : size * sharedWidth(shape);
    }
    return {
      result,
      effectiveWeights: effective === weights ? undefined : Math.max(1, Math.round(effective)),
    };
  } finally {
    watch.dispose();
  }
}

/** The geometric width of a kernel; all dimensions but the last two, which are its channels, are positions. */
function sharedWidth(shape: readonly number[]): number {
  return Math.sqrt(shape.slice(0, -2).reduce((product, size) => product * size, 1));
}
