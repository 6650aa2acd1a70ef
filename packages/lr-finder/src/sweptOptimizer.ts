import type { Optimizer } from "@fulmine/core";
import type { SweptOptimizer } from "./curve.js";

/** What a curve keeps of the optimizer that made it. */
export function sweptOptimizer({ name, params, paramGroups: [group] }: Optimizer): SweptOptimizer {
  const { options = {} } = group ?? {};
  const weights = params.reduce((sum, { size }) => sum + size, 0);
  return "momentum" in options && typeof options.momentum === "number"
    ? { name, weights, momentum: options.momentum }
    : { name, weights };
}
