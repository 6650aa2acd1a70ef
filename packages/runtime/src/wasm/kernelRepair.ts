import type { KernelConfig, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import { KernelScope, type Wasm } from "./kernelScope.js";

/** A kernel of ours for tfjs's wasm backend, and why it is needed. */
export interface KernelRepair {
  readonly name: string;
  /** One that is `missing` steps back as soon as tfjs brings its own; those that are `slow` or `wrong` replace tfjs's. */
  readonly why: "missing" | "slow" | "wrong";
  /** What to register, given tfjs's own kernel where there is one. */
  readonly makeKernel: (stock: KernelConfig["kernelFunc"] | null) => KernelConfig["kernelFunc"];
}

/** A kernel's inputs, by the names that tfjs's declarations give them: every one of them is there. */
export type Given<TInputs> = Readonly<Record<keyof TInputs & string, TensorInfo>>;

/**
 * Describes a kernel by what it computes; what it makes on the way is released when it is done.
 *
 * tfjs hands every kernel its inputs, attributes and backend untyped; here they get the types that its own
 * declarations give for the kernel's name.
 */
export function kernelRepair<TInputs, TAttrs = NamedAttrMap>(
  name: string,
  why: KernelRepair["why"],
  compute: (inputs: Given<TInputs>, attrs: Readonly<TAttrs>, scope: KernelScope) => TensorInfo,
): KernelRepair {
  return {
    name,
    why,
    makeKernel:
      (stock) =>
      ({ inputs, attrs, backend }) => {
        const scope = new KernelScope(backend as Wasm, stock);
        try {
          return scope.keep(compute(inputs as Given<TInputs>, (attrs ?? {}) as Readonly<TAttrs>, scope));
        } finally {
          scope.release();
        }
      },
  };
}
