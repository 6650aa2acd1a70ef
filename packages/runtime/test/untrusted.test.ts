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
import { cacheFolder } from "../src/native/cacheFolder.js";
import { findExecutable } from "../src/native/findExecutable.js";
import { loadNative } from "../src/native/loadNative.js";
import { listBuilds, type NativeBuild } from "../src/native/nativeBuild.js";
import { pinnedReleases, pinnedWheels } from "../src/native/pinnedWheels.js";
import { provideNative } from "../src/native/provideNative.js";
import { firstChanged } from "../src/native/requireUntouched.js";
import { setupNative } from "../src/native/setupNative.js";
import { useAccelerator } from "../src/useAccelerator.js";
import { makeWheel, wheelOf } from "./support/makeWheel.js";
import { temporaryCache } from "./support/temporaryCache.js";

const installed = cacheFolder();
const isUnix = process.getuid !== undefined;

let cache: ReturnType<typeof temporaryCache>;
beforeEach(() => (cache = temporaryCache()));
afterEach(() => {
  vi.unstubAllEnvs();
  cache.remove();
});

/** Lays a copy of the installed build into the cache; `null` where none is installed. */
function copyBuild(): NativeBuild | null {
  const [name] = namesIn(join(installed, "native"));
  if (name === undefined) return null;
  const [from, to] = [join(installed, "native", name), join(cache.folder, "native", name)];
  const libraries = join(from, "tensorflow");
  cpSync(from, to, { recursive: true, filter: (path) => path !== libraries });
  symlinkSync(libraries, join(to, "tensorflow"));
  return listBuilds("4.22.0", process.arch)[0] ?? null;
}

/** The refusal of something that may have been changed, in words. */
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

describe("an addon that is not the one that was compiled", () => {
  it.for(["tfjs_binding.node", "quiet.node"])("is not loaded: %s", async (name, { skip }) => {
    const build = copyBuild();
    if (build?.sha256[name] === undefined) return skip("no build with its hash is installed");
    expect(firstChanged(build)).toBeNull();
    // As long as before, so that only its hash tells.
    writeFileSync(join(build.folder, name), Buffer.alloc(1), { flag: "r+" });
    const refusal = untrusted(
      new RegExp(`^A native addon is not the one .*${name}.* run \`npx fulmine setup\``),
    );
    expect(() => loadNative()).toThrow(refusal);
    // Neither passed over in silence nor built anew before a person has seen it.
    await expect(provideNative({ install: true })).rejects.toThrow(refusal);
    await expect(useAccelerator("auto", { install: true })).rejects.toThrow(refusal);
  });

  it("is built anew by a set-up", async ({ skip }) => {
    const build = copyBuild();
    if (build === null) return skip("no build is installed");
    writeFileSync(build.addon, Buffer.alloc(1), { flag: "r+" });
    // It gets as far as looking for what building needs.
    vi.stubEnv("PATH", "");
    await expect(setupNative()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe.runIf(isUnix)("a cache folder", () => {
  it("that others may write to is refused, by a load and by a set-up", async ({ skip }) => {
    const build = copyBuild();
    if (build === null) return skip("no build is installed");
    for (const folder of [cache.folder, join(cache.folder, "native"), build.folder]) {
      chmodSync(folder, 0o777);
      expect(() => loadNative()).toThrow(
        expect.objectContaining({
          code: "UNTRUSTED",
          message: `Others may write to the cache folder: ${folder}. Received: "mode 777". Run \`chmod go-w ${folder}\`; if somebody may have changed what is in it, remove it and run \`npx fulmine setup\`.`,
        }),
      );
      chmodSync(folder, 0o755);
    }
    rmSync(build.folder, { recursive: true });
    chmodSync(cache.folder, 0o777);
    await expect(setupNative()).rejects.toThrow(/^Others may write to the cache folder/);
  });

  it.runIf(process.getuid?.() === 0)("of another user is refused", async () => {
    chownSync(cache.folder, 12_345, 12_345);
    await expect(setupNative()).rejects.toThrow(
      untrusted(/^The cache folder is another user's: .*FULMINE_CACHE\.$/),
    );
  });

  it("that a set-up makes is its user's alone", async () => {
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

  it("with another hash than the known one is refused, and nothing is left of it", async () => {
    offer("2.21.0");
    await expect(setupNative()).rejects.toThrow(
      untrusted(
        /^The package index has another wheel of tensorflow.cpu==2\.21\.0 than is known\. Received: "SHA-256 [0-9a-f]{64}"\. Look at /,
      ),
    );
    expect(namesIn(join(cache.folder, "staging"))).toEqual([]);
  });

  it("of a release without known hashes is not even asked for", async () => {
    offer("2.99.0");
    await expect(setupNative({ tensorflow: "2.99.0" })).rejects.toThrow(
      untrusted(
        /^This version of Fulmine has no hashes of TensorFlow 2\.99\.0\. Choose one of .*2\.21\.0, or .*--allow-unverified`\.$/,
      ),
    );
    expect(namesIn(cache.folder)).toEqual([]);
  });

  it("of a release without known hashes is taken where that is allowed", async () => {
    offer("2.99.0");
    // It came as far as being unpacked.
    await expect(setupNative({ tensorflow: "2.99.0", allowUnverified: true })).rejects.toThrow(
      /^TensorFlow 2\.99\.0's wheel has no tensorflow\/libtensorflow_cc/,
    );
  });

  it("that lies there from an earlier run is looked at again", async () => {
    const staging = join(
      cache.folder,
      "staging",
      `tensorflow-2.21.0-cpu-linux-${process.arch}-tfjs-4.22.0-v3`,
    );
    mkdirSync(join(staging, "wheels"), { recursive: true });
    const name = process.arch === "x64" ? "tensorflow_cpu" : "tensorflow";
    makeWheel(join(staging, "wheels", `${name}-2.21.0-other.whl`), wheelOf(name, "2.21.0"));
    await expect(setupNative()).rejects.toThrow(/^The Python package index has no wheel/);
    expect(namesIn(join(staging, "wheels"))).toEqual([]);
  });
});

it("every known release has a hash for each wheel of each kind of build", () => {
  expect(pinnedReleases()).toContain("2.21.0");
  for (const tensorflow of pinnedReleases())
    for (const [arch, flavor] of [
      ["x64", "cpu"],
      ["x64", "gpu"],
      ["arm64", "cpu"],
    ] as const) {
      const wheels = pinnedWheels({ tensorflow, arch, flavor }) ?? [];
      expect(wheels.length).toBeGreaterThan(flavor === "gpu" ? 10 : 0);
      expect(wheels[0]).toMatchObject({ version: tensorflow });
      for (const { sha256 } of wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
});
