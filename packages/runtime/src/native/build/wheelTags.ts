import type { NativeTarget } from "../cache/nativeTarget.js";
import type { HostSystem } from "../host/hostSystem.js";

/** The tags of wheels that fit. pip takes them as flags and then finds wheels for another Python than its own. */
export interface WheelTags {
  /** The Python version of the wheels, e.g. `3.11`. The installed Python may be another. */
  readonly python: string;
  /** The platform tags in order of preference, e.g. `manylinux_2_27_x86_64`. */
  readonly platforms: readonly string[];
}

// The glibc versions that TensorFlow's wheels are built against, newest first. `2014` is the old name of `2_17`.
const MANYLINUX = [
  { glibc: 28, tag: "manylinux_2_28" },
  { glibc: 27, tag: "manylinux_2_27" },
  { glibc: 17, tag: "manylinux_2_17" },
  { glibc: 17, tag: "manylinux2014" },
];

// Only the C library is extracted, so the wheel of any Python will do. TensorFlow 2.12 and later have one for 3.11.
const PYTHONS = ["3.11", "3.13"];

/** The oldest macOS that TensorFlow's wheels run on. */
const OLDEST_MACOS = 12;

/**
 * Lists the tags to try for a system, in order of preference.
 *
 * @returns An empty list when no wheel of TensorFlow fits.
 */
export function wheelTags({ platform, arch, glibc, macos }: HostSystem): WheelTags[] {
  const platforms = platform === "darwin" ? macosTags(arch, macos) : manylinuxTags(arch, glibc);
  return platforms.length === 0 ? [] : PYTHONS.map((python) => ({ python, platforms }));
}

function macosTags(arch: string, macos: number | null): string[] {
  return arch === "arm64" && (macos ?? 0) >= OLDEST_MACOS ? [`macosx_${OLDEST_MACOS}_0_arm64`] : [];
}

function manylinuxTags(arch: string, glibc: string | null): string[] {
  const machine = arch === "x64" ? "x86_64" : arch === "arm64" ? "aarch64" : null;
  const [major, minor] = (glibc ?? "").split(".").map(Number);
  if (machine === null || major !== 2 || minor === undefined) return [];
  return MANYLINUX.filter((each) => each.glibc <= minor).map((each) => `${each.tag}_${machine}`);
}

/** Makes the flags of `pip download` that select these tags, independently of the Python that runs pip. */
export function wheelTagFlags({ python, platforms }: WheelTags): string[] {
  return [
    "--only-binary=:all:",
    `--python-version=${python}`,
    "--implementation=cp",
    `--abi=cp${python.replace(".", "")}`,
    ...platforms.map((platform) => `--platform=${platform}`),
  ];
}

/** Gets the name of the package that contains libtensorflow. On 64-bit Arm and on macOS the plain package is the one for CPUs. */
export function tensorflowPackage({ flavor, arch }: Pick<NativeTarget, "flavor" | "arch">): string {
  return flavor === "cpu" && arch === "x64" ? "tensorflow-cpu" : "tensorflow";
}
