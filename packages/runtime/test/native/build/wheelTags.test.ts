import { describe, expect, it } from "vitest";
import { tensorflowPackage, wheelTagFlags, wheelTags } from "../../../src/native/build/wheelTags.js";
import { macosVersion, type HostSystem } from "../../../src/native/host/hostSystem.js";

const linux = (arch: HostSystem["arch"], glibc: string | null): HostSystem => ({
  platform: "linux",
  arch,
  glibc,
  macos: null,
});
const mac = (arch: HostSystem["arch"], macos: number): HostSystem => ({
  platform: "darwin",
  arch,
  glibc: null,
  macos,
});

describe("wheel tags", () => {
  it("ask for another Python's wheel, whatever Python is installed", () => {
    const [first] = wheelTags(linux("x64", "2.36"));
    expect(first === undefined ? [] : wheelTagFlags(first)).toEqual([
      "--only-binary=:all:",
      "--python-version=3.11",
      "--implementation=cp",
      "--abi=cp311",
      "--platform=manylinux_2_28_x86_64",
      "--platform=manylinux_2_27_x86_64",
      "--platform=manylinux_2_17_x86_64",
      "--platform=manylinux2014_x86_64",
    ]);
  });

  it("leave out what needs a later glibc than the machine has", () => {
    expect(wheelTags(linux("x64", "2.17"))[0]?.platforms).toEqual([
      "manylinux_2_17_x86_64",
      "manylinux2014_x86_64",
    ]);
    expect(wheelTags(linux("arm64", "2.27"))[0]?.platforms[0]).toBe("manylinux_2_27_aarch64");
  });

  it("on a Mac ask for the wheel for Apple's processors, from macOS 12 on", () => {
    for (const [kernel, macos] of [
      ["21.6.0", 12],
      ["24.1.0", 15],
      ["25.0.0", 26],
    ] as const) {
      expect(macosVersion(kernel)).toBe(macos);
      expect(wheelTags(mac("arm64", macos))[0]?.platforms).toEqual(["macosx_12_0_arm64"]);
    }
    expect(wheelTags(mac("arm64", macosVersion("20.6.0")))).toEqual([]);
    expect(wheelTags(mac("x64", 15))).toEqual([]);
  });

  it("are none where no wheel can fit", () => {
    expect(wheelTags(linux("x64", null))).toEqual([]);
    expect(wheelTags(linux("x64", "2.12"))).toEqual([]);
    expect(wheelTags(linux("ia32", "2.36"))).toEqual([]);
  });

  it("come with the package that is built for the processor", () => {
    expect(tensorflowPackage({ flavor: "cpu", arch: "x64" })).toBe("tensorflow-cpu");
    expect(tensorflowPackage({ flavor: "gpu", arch: "x64" })).toBe("tensorflow");
    expect(tensorflowPackage({ flavor: "cpu", arch: "arm64" })).toBe("tensorflow");
  });
});
