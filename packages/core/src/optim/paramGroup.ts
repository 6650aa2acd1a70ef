import type { Variable } from "@tensorflow/tfjs-core";

/** Parameters that share a learning rate and settings. */
export interface ParamGroup<Settings> {
  /** The parameters. @defaultValue all trainable variables of the module that no other group lists */
  params?: readonly Variable[];
  /** The learning rate. */
  lr: number;
  /** The optimizer's other settings. To change one, assign a new object. */
  options: Settings;
}

/** Gets a group's momentum: `momentum` or the first of `betas`. `undefined` if its optimizer has neither. */
export function momentumOf({ options }: ParamGroup<object>): number | undefined {
  if ("betas" in options && Array.isArray(options.betas)) {
    const beta1: unknown = options.betas[0];
    return typeof beta1 === "number" ? beta1 : undefined;
  }
  return "momentum" in options && typeof options.momentum === "number" ? options.momentum : undefined;
}

/** Sets a group's momentum: `momentum` or the first of `betas`. */
export function setMomentum(group: ParamGroup<object>, momentum: number): void {
  if (momentumOf(group) === momentum) return;
  const { options } = group;
  if ("betas" in options && Array.isArray(options.betas)) {
    const others: readonly unknown[] = options.betas.slice(1);
    group.options = { ...options, betas: [momentum, ...others] };
  } else if ("momentum" in options) group.options = { ...options, momentum };
}
