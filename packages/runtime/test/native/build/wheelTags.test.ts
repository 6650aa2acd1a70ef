import { describe, expect, it } from "vitest";
import { tensorflowPackage, wheelTagFlags, wheelTags } from "../../../src/native/build/wheelTags.js";

describe("wheel tags", () => {
  it("ask for another Python's wheel, whatever Python is installed", () => {
    const [first] = wheelTags("x64", "2.36");
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
    expect(wheelTags("x64", "2.17")[0]?.platforms).toEqual(["manylinux_2_17_x86_64", "manylinux2014_x86_64"]);
    expect(wheelTags("arm64", "2.27")[0]?.platforms[0]).toBe("manylinux_2_27_aarch64");
  });

  it("are none where no wheel can fit", () => {
    expect(wheelTags("x64", null)).toEqual([]);
    expect(wheelTags("x64", "2.12")).toEqual([]);
    expect(wheelTags("ia32", "2.36")).toEqual([]);
  });

  it("come with the package that is built for the processor", () => {
    expect(tensorflowPackage({ flavor: "cpu", arch: "x64" })).toBe("tensorflow-cpu");
    expect(tensorflowPackage({ flavor: "gpu", arch: "x64" })).toBe("tensorflow");
    expect(tensorflowPackage({ flavor: "cpu", arch: "arm64" })).toBe("tensorflow");
  });
});
