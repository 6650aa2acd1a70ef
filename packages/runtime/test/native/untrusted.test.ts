import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cacheFolder } from "../../src/native/cache/cacheFolder.js";
import { findExecutable } from "../../src/native/host/findExecutable.js";
import { loadNative } from "../../src/native/load/loadNative.js";
import { listBuilds, type NativeBuild } from "../../src/native/cache/nativeBuild.js";
import { pinnedReleases, pinnedWheels } from "../../src/native/build/pinnedWheels.js";
import { provideNative } from "../../src/native/load/provideNative.js";
import { firstChanged } from "../../src/native/cache/requireUnchanged.js";
import { setupNative } from "../../src/native/build/setupNative.js";
import { useAccelerator } from "../../src/accelerator/useAccelerator.js";
import { makeWheel, wheelOf } from "../support/makeWheel.js";
import { temporaryCache } from "../support/temporaryCache.js";

const installed = cacheFolder();
const isUnix = process.getuid !== undefined;

let cache: ReturnType<typeof temporaryCache>;
beforeEach(() => (cache = temporaryCache()));
afterEach(() => {
  vi.unstubAllEnvs();
  cache.remove();
});

/** Copies the installed build to the cache; returns `null` when none is installed. */
function copyBuild(): NativeBuild | null {
  const [name] = namesIn(join(installed, "native"));
  if (name === undefined) return null;
  const [from, to] = [join(installed, "native", name), join(cache.folder, "native", name)];
  const libraries = join(from, "tensorflow");
  cpSync(from, to, { recursive: true, filter: (path) => path !== libraries });
  symlinkSync(libraries, join(to, "tensorflow"));
  return listBuilds()[0] ?? null;
}

/** Matches the error for something that may have been changed. */
function untrusted(message: RegExp): Error {
  return expect.objectContaining({
    code: "UNTRUSTED",
    message: expect.stringMatching(message) as string,
  }) as Error;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

describe("a file that has changed since it was installed", () => {
  it.for([
    "tfjs_binding.node",
    "process.node",
    "node_modules/@tensorflow/tfjs-node-gpu/dist/index.js",
    "node_modules/@tensorflow/tfjs/index.js",
  ])("is not loaded: %s", async (name, { skip }) => {
    const build = copyBuild();
    if (build?.sha256[name] === undefined) return skip("no build with its hash is installed");
    expect(firstChanged(build)).toBeNull();
    // The length stays the same, so only the hash differs.
    writeFileSync(join(build.folder, name), Buffer.alloc(1), { flag: "r+" });
    const error = untrusted(
      new RegExp(
        `^A file of the native backend has changed since it was installed: .*${name}.* run \`npx fulmine setup\``,
      ),
    );
    expect(() => loadNative()).toThrow(error);
    // It is neither ignored nor built again before the user has seen the error.
    await expect(provideNative({ install: true })).rejects.toThrow(error);
    await expect(useAccelerator("auto", { install: true })).rejects.toThrow(error);
  });

  it("is built again by a set-up", async ({ skip }) => {
    const build = copyBuild();
    if (build === null) return skip("no build is installed");
    writeFileSync(build.addon, Buffer.alloc(1), { flag: "r+" });
    // The set-up fails at the search for its requirements.
    vi.stubEnv("PATH", "");
    await expect(setupNative()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe.runIf(isUnix)("a cache folder", () => {
  it("that others may write to is rejected, by a load and by a set-up", async ({ skip }) => {
    const build = copyBuild();
    if (build === null) return skip("no build is installed");
    for (const folder of [cache.folder, join(cache.folder, "native"), build.folder]) {
      chmodSync(folder, 0o777);
      expect(() => loadNative()).toThrow(
        expect.objectContaining({
          code: "UNTRUSTED",
          message: `Other users may write to the cache folder: ${folder}. Received: "mode 777". Run \`chmod go-w ${folder}\`. If somebody may have changed its contents, remove the folder and run \`npx fulmine setup\`.`,
        }),
      );
      chmodSync(folder, 0o755);
    }
    rmSync(build.folder, { recursive: true });
    chmodSync(cache.folder, 0o777);
    await expect(setupNative()).rejects.toThrow(/^Other users may write to the cache folder/);
  });

  it.runIf(process.getuid?.() === 0)("of another user is rejected", async () => {
    chownSync(cache.folder, 12_345, 12_345);
    await expect(setupNative()).rejects.toThrow(
      untrusted(/^The cache folder belongs to another user: .*FULMINE_CACHE to a folder of your own\.$/),
    );
  });

  it("that a set-up makes is private to its user", async () => {
    vi.stubEnv("FULMINE_CACHE", join(cache.folder, "made"));
    vi.stubEnv("PIP_NO_INDEX", "1");
    const before = process.umask(0);
    try {
      await expect(setupNative()).rejects.toThrow();
    } finally {
      process.umask(before);
    }
    expect(statSync(join(cache.folder, "made", "native")).mode & 0o777).toBe(0o700);
  });
});

describe.skipIf(findExecutable("python3") === null || findExecutable("g++") === null)("a wheel", () => {
  let index: string;
  beforeEach(() => {
    index = mkdtempSync(join(tmpdir(), "fulmine-index-"));
    vi.stubEnv("PIP_CONFIG_FILE", "/dev/null");
    vi.stubEnv("PIP_NO_INDEX", "1");
    vi.stubEnv("PIP_FIND_LINKS", index);
  });
  afterEach(() => rmSync(index, { recursive: true }));

  const offer = (version: string): void => {
    for (const name of ["tensorflow_cpu", "tensorflow"])
      for (const arch of ["x86_64", "aarch64"])
        makeWheel(
          join(index, `${name}-${version}-cp311-cp311-manylinux_2_17_${arch}.whl`),
          wheelOf(name, version),
        );
  };

  it("with another hash than the pinned one is rejected, and nothing is left of it", async () => {
    offer("2.21.0");
    await expect(setupNative()).rejects.toThrow(
      untrusted(
        /^The wheel of tensorflow.cpu==2\.21\.0 on the package index has an unknown hash\. Received: "SHA-256 [0-9a-f]{64}"\. Check the index /,
      ),
    );
    expect(namesIn(join(cache.folder, "staging"))).toEqual([]);
  });

  it("of a release without pinned hashes is not even requested", async () => {
    offer("2.99.0");
    await expect(setupNative({ tensorflow: "2.99.0" })).rejects.toThrow(
      untrusted(
        /^This version of Fulmine has no hashes of the wheels of TensorFlow 2\.99\.0\. Select one of .*2\.21\.0, or .*--allow-unverified`\.$/,
      ),
    );
    expect(namesIn(cache.folder)).toEqual([]);
  });

  it("of a release without pinned hashes is accepted if that is allowed", async () => {
    offer("2.99.0");
    // The set-up extracted it.
    await expect(setupNative({ tensorflow: "2.99.0", allowUnverified: true })).rejects.toThrow(
      /^The wheel of TensorFlow 2\.99\.0 has no tensorflow\/libtensorflow_cc/,
    );
  });

  it("from an earlier run is verified again", async () => {
    const staging = join(
      cache.folder,
      "staging",
      `tensorflow-2.21.0-cpu-${process.platform}-${process.arch}-v4`,
    );
    mkdirSync(join(staging, "wheels"), { recursive: true });
    const name = process.arch === "x64" ? "tensorflow_cpu" : "tensorflow";
    makeWheel(join(staging, "wheels", `${name}-2.21.0-other.whl`), wheelOf(name, "2.21.0"));
    await expect(setupNative()).rejects.toThrow(/^The Python package index has no wheel/);
    expect(namesIn(join(staging, "wheels"))).toEqual([]);
  });
});

it("every pinned release has a hash for each wheel of each kind of build", () => {
  expect(pinnedReleases()).toContain("2.21.0");
  for (const tensorflow of pinnedReleases())
    for (const [platform, arch, flavor] of [
      ["linux", "x64", "cpu"],
      ["linux", "x64", "gpu"],
      ["linux", "arm64", "cpu"],
      ["darwin", "arm64", "cpu"],
    ] as const) {
      const wheels = pinnedWheels({ tensorflow, platform, arch, flavor }) ?? [];
      expect(wheels.length).toBeGreaterThan(flavor === "gpu" ? 10 : 0);
      expect(wheels[0]).toMatchObject({ version: tensorflow });
      for (const { sha256 } of wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
});
