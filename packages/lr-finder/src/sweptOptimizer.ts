import type { Optimizer } from "@fulmine/core";
import type { SweptOptimizer } from "./curve.js";

/** What a curve keeps of the optimizer that made it. */
export function sweptOptimizer({ name, paramGroups: [group] }: Optimizer): SweptOptimizer {
  const { options = {} } = group ?? {};
  return "momentum" in options && typeof options.momentum === "number"
    ? { name, momentum: options.momentum }
    : { name };
}
