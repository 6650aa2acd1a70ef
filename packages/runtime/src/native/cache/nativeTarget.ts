import { FulmineError } from "@fulmine/core";
import { hostSystem, type HostSystem } from "../host/hostSystem.js";

/** The TensorFlow release that a set-up installs by default. */
export const DEFAULT_TENSORFLOW = "2.21.0";

/**
 * The version of the layout of a build. Increase it when the layout, the C++ sources in `binding/` or the versions in
 * `npmPackages.json` change.
 */
const CACHE_FORMAT = 4;

/** The kind of libtensorflow in a build: `"cpu"` for CPUs only, `"gpu"` with CUDA. */
export type NativeFlavor = "cpu" | "gpu";

/** The properties that identify a native build. */
export interface NativeTarget {
  /** The TensorFlow release, e.g. `2.21.0`. */
  readonly tensorflow: string;
  readonly flavor: NativeFlavor;
  /** The operating system, in the terms of `process.platform`. */
  readonly platform: HostSystem["platform"];
  /** The processor, in the terms of `process.arch`. */
  readonly arch: HostSystem["arch"];
}

/**
 * Describes the build that a set-up makes on this machine.
 *
 * @throws FulmineError `INVALID_OPTION` when `tensorflow` is not a full version such as `2.21.0`.
 */
export function nativeTarget(tensorflow: string, flavor: NativeFlavor): NativeTarget {
  // The text becomes part of a folder name and of a pip requirement, so it must be nothing but a version.
  if (!/^\d+\.\d+\.\d+(rc\d+)?$/.test(tensorflow)) {
    throw new FulmineError("INVALID_OPTION", "`tensorflow` must be a full version such as 2.21.0.", {
      received: tensorflow,
    });
  }
  const { platform, arch } = hostSystem();
  return { tensorflow, flavor, platform, arch };
}

/** Gets the name of a build's folder in the cache. Different targets have different names. */
export function targetName({ tensorflow, flavor, ...host }: NativeTarget): string {
  return `tensorflow-${tensorflow}-${flavor}${hostSuffix(host)}`;
}

/** Gets the end of the names of all builds that this version of Fulmine makes for a kind of machine. */
export function hostSuffix({ platform, arch }: Pick<NativeTarget, "platform" | "arch">): string {
  return `-${platform}-${arch}-v${CACHE_FORMAT}`;
}
