import type { ParamGroup } from "./optimizerState.js";

/** A group's momentum: its `momentum`, or the first of its `betas`; `undefined` when its optimizer has neither. */
export function momentumOf({ options }: ParamGroup<object>): number | undefined {
  if ("betas" in options && Array.isArray(options.betas)) {
    const beta1: unknown = options.betas[0];
    return typeof beta1 === "number" ? beta1 : undefined;
  }
  return "momentum" in options && typeof options.momentum === "number" ? options.momentum : undefined;
}

/** Sets a group's momentum, or the first of its `betas`, leaving its other settings as they are. */
export function putMomentum(group: ParamGroup<object>, momentum: number): void {
  if (momentumOf(group) === momentum) return;
  const { options } = group;
  if ("betas" in options && Array.isArray(options.betas)) {
    const others: readonly unknown[] = options.betas.slice(1);
    group.options = { ...options, betas: [momentum, ...others] };
  } else if ("momentum" in options) group.options = { ...options, momentum };
}
