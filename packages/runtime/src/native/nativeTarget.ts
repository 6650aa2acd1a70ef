import { FulmineError } from "@fulmine/core";
import { hostSystem, type HostSystem } from "./hostSystem.js";

/** The release of TensorFlow that is installed unless another is asked for. */
export const DEFAULT_TENSORFLOW = "2.21.0";

/** Raised when the layout of a finished build changes or its addon does, so that builds of other layouts are left alone. */
const CACHE_FORMAT = 3;

/** Which libtensorflow a build stands on: the one for CPUs only, or the one with CUDA. */
export type NativeFlavor = "cpu" | "gpu";

/** Everything that tells one native build from another. */
export interface NativeTarget {
  /** The release of TensorFlow, e.g. `2.21.0`. */
  readonly tensorflow: string;
  readonly flavor: NativeFlavor;
  /** The version of `@tensorflow/tfjs-node-gpu` whose addon is compiled. */
  readonly tfjs: string;
  /** The processor, as Node names it. */
  readonly arch: HostSystem["arch"];
}

/**
 * Describes what a set-up is to build on this machine.
 *
 * @throws FulmineError `INVALID_OPTION` when the release is not written like `2.21.0`.
 */
export function nativeTarget(tensorflow: string, flavor: NativeFlavor, tfjs: string): NativeTarget {
  // The text becomes part of a folder name and of a pip requirement, so nothing but a version may pass.
  if (!/^\d+\.\d+\.\d+(rc\d+)?$/.test(tensorflow)) {
    throw new FulmineError("INVALID_OPTION", "`tensorflow` must be a full version such as 2.21.0.", {
      received: tensorflow,
    });
  }
  return { tensorflow, flavor, tfjs, arch: hostSystem().arch };
}

/** The name of a build's folder in the cache: different targets never share one. */
export function targetName({ tensorflow, flavor, tfjs, arch }: NativeTarget): string {
  return `tensorflow-${tensorflow}-${flavor}-linux-${arch}-tfjs-${tfjs}-v${CACHE_FORMAT}`;
}
