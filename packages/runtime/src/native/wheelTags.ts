import type { NativeTarget } from "./nativeTarget.js";

/** Which files of a package index fit: the flags that `pip download` takes to look for another Python's wheels. */
export interface WheelTags {
  /** The Python whose wheels are taken, e.g. `3.11`; it need not be the one installed here. */
  readonly python: string;
  /** The platform tags in order of preference, e.g. `manylinux_2_27_x86_64`. */
  readonly platforms: readonly string[];
}

// TensorFlow's wheels have been built against these versions of glibc, newest first; 2014 is the old name of 2_17.
const MANYLINUX = [
  { glibc: 28, tag: "manylinux_2_28" },
  { glibc: 27, tag: "manylinux_2_27" },
  { glibc: 17, tag: "manylinux_2_17" },
  { glibc: 17, tag: "manylinux2014" },
];

// Any Python's wheel will do, since only the C library is taken out of it; 3.11 has one since TensorFlow 2.12.
const PYTHONS = ["3.11", "3.13"];

/**
 * Lists the tags to try, in order, for a processor and a version of glibc.
 *
 * @returns An empty list when no wheel of TensorFlow can fit.
 */
export function wheelTags(arch: string, glibc: string | null): WheelTags[] {
  const machine = arch === "x64" ? "x86_64" : arch === "arm64" ? "aarch64" : null;
  const [major, minor] = (glibc ?? "").split(".").map(Number);
  if (machine === null || major !== 2 || minor === undefined) return [];
  const platforms = MANYLINUX.filter((each) => each.glibc <= minor).map((each) => `${each.tag}_${machine}`);
  return platforms.length === 0 ? [] : PYTHONS.map((python) => ({ python, platforms }));
}

/** The flags of `pip download` that ask for these tags, whatever Python runs pip. */
export function wheelTagFlags({ python, platforms }: WheelTags): string[] {
  return [
    "--only-binary=:all:",
    `--python-version=${python}`,
    "--implementation=cp",
    `--abi=cp${python.replace(".", "")}`,
    ...platforms.map((platform) => `--platform=${platform}`),
  ];
}

/** The package that holds libtensorflow: on 64-bit Arm the plain one is built for CPUs. */
export function tensorflowPackage({ flavor, arch }: Pick<NativeTarget, "flavor" | "arch">): string {
  return flavor === "cpu" && arch === "x64" ? "tensorflow-cpu" : "tensorflow";
}
