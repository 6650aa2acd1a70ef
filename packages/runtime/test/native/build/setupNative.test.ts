import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findExecutable } from "../../../src/native/host/findExecutable.js";
import { setupNative } from "../../../src/native/build/setupNative.js";
import { temporaryCache } from "../../support/temporaryCache.js";

let cache: ReturnType<typeof temporaryCache>;
beforeEach(() => (cache = temporaryCache()));
afterEach(() => {
  vi.unstubAllEnvs();
  cache.remove();
});

/** Sets PATH to a folder with links to some programs and with some shell scripts. */
function onlyPrograms(links: readonly string[], scripts: Readonly<Record<string, string>> = {}): void {
  const folder = mkdtempSync(join(cache.folder, "path-"));
  for (const name of links) symlinkSync(findExecutable(name) ?? "", join(folder, name));
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", folder);
}

it("an invalid version is rejected before anything else happens", async () => {
  await expect(setupNative({ tensorflow: "2" })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  await expect(setupNative({ tensorflow: "../../2.21.0" })).rejects.toMatchObject({ code: "INVALID_OPTION" });
});

describe.runIf(process.platform === "linux")(
  "a missing requirement is named, with how to install it:",
  () => {
    it("python3", async () => {
      onlyPrograms([]);
      await expect(setupNative()).rejects.toThrow(
        /^python3 was not found.* Install Python 3 .*, then run `npx fulmine/,
      );
    });

    it("a C++ compiler", async () => {
      onlyPrograms([], { python3: "exit 0" });
      await expect(setupNative()).rejects.toThrow(/^No C\+\+ compiler was found .* Install one /);
    });

    it("the compiler in CXX", async () => {
      onlyPrograms([], { python3: "exit 0" });
      vi.stubEnv("CXX", "no-such-compiler");
      await expect(setupNative()).rejects.toThrow(
        /The C\+\+ compiler in CXX was not found: no-such-compiler/,
      );
    });

    it("npm", async () => {
      onlyPrograms([], { python3: "exit 0", "g++": "exit 0" });
      await expect(setupNative()).rejects.toThrow(/^npm was not found.* Install Node with npm, then run /);
    });

    it("pip", async () => {
      const python3 = "echo '/usr/bin/python3: No module named pip' >&2; exit 1";
      onlyPrograms([], { python3, "g++": "exit 0", npm: "exit 0" });
      await expect(setupNative()).rejects.toThrow(/^python3 has no pip.* Install it /);
    });

    it("a recent enough pip", async () => {
      onlyPrograms([], { python3: "echo 'pip 19.0 from nowhere'", "g++": "exit 0", npm: "exit 0" });
      await expect(setupNative()).rejects.toThrow(/^pip 19\.0 is too old; 20\.3 or later is needed/);
    });

    it("a writable cache folder", async () => {
      // A file in place of the folder stops root too; permissions do not.
      writeFileSync(join(cache.folder, "file"), "");
      vi.stubEnv("FULMINE_CACHE", join(cache.folder, "file"));
      onlyPrograms([], { python3: "exit 0", "g++": "exit 0", npm: "exit 0" });
      await expect(setupNative()).rejects.toThrow(/^The cache folder is not writable: .* FULMINE_CACHE/);
    });

    it.runIf(findExecutable("python3") !== null)("the package index", { timeout: 30_000 }, async () => {
      onlyPrograms([], { "g++": "exit 0" });
      vi.stubEnv("PATH", `${process.env["PATH"] ?? ""}:${pathBefore}`);
      vi.stubEnv("PIP_INDEX_URL", "http://127.0.0.1:9/simple");
      vi.stubEnv("PIP_CONFIG_FILE", "/dev/null");
      vi.stubEnv("PIP_FIND_LINKS", "");
      await expect(setupNative()).rejects.toThrow(
        /^The Python package index could not be reached\. Check the network/,
      );
    });
  },
);

const pathBefore = process.env["PATH"] ?? "";

it("a damaged build does not count as finished", async () => {
  const name = `tensorflow-2.21.0-cpu-${process.platform}-${process.arch}-v4`;
  const folder = join(cache.folder, "native", name);
  mkdirSync(folder, { recursive: true });
  const files = { "tfjs_binding.node": 5 };
  const sha256 = { "tfjs_binding.node": createHash("sha256").update("whole").digest("hex") };
  const record = { name, tensorflow: "2.21.0", flavor: "cpu", files, sha256 };
  writeFileSync(join(folder, "complete.json"), JSON.stringify(record));
  writeFileSync(join(folder, "tfjs_binding.node"), "cut");
  onlyPrograms([]);
  await expect(setupNative()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  writeFileSync(join(folder, "tfjs_binding.node"), "whole");
  await expect(setupNative()).resolves.toMatchObject({ isFresh: false });
});
