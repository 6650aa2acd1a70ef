import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { extractArchive } from "../../../src/native/build/extractArchive.js";
import { findExecutable } from "../../../src/native/host/findExecutable.js";
import { makeWheel } from "../../support/makeWheel.js";

const python = findExecutable("python3") ?? "";

let room: string;
beforeEach(() => (room = mkdtempSync(join(tmpdir(), "fulmine-test-"))));
afterEach(() => rmSync(room, { recursive: true }));

/** Makes a wheel of some entries and extracts its `tensorflow/`. */
async function extract(entries: Readonly<Record<string, string>>): Promise<number> {
  const archive = join(room, "some.whl");
  makeWheel(archive, entries);
  return extractArchive({ python, archive, folder: join(room, "a", "b"), pattern: "tensorflow/.+" });
}

describe.skipIf(python === "")("a wheel", () => {
  it("gives the requested files and no others", async () => {
    expect(await extract({ "tensorflow/x/y.so": "library", "other/z": "not wanted" })).toBe(1);
    expect(readFileSync(join(room, "a/b/tensorflow/x/y.so"), "utf8")).toBe("library");
    expect(readdirSync(join(room, "a/b"))).toEqual(["tensorflow"]);
  });

  it.each([
    ["climbs out of its folder", { "tensorflow/../../../evil": "evil" }],
    ["climbs out among the files that are not extracted", { "../evil": "evil" }],
    ["is absolute", { "/tmp/fulmine-evil": "evil" }],
    ["is a link", { "tensorflow/link": "-> /etc" }],
    ["goes through a link", { "tensorflow/link": "-> /tmp", "tensorflow/link/evil": "evil" }],
  ])("is rejected as a whole when a path in it %s", async (_, entries) => {
    await expect(extract({ "tensorflow/good": "good", ...entries })).rejects.toThrow(
      /^The download contains a path outside its folder: '.*'\. Received/,
    );
    expect(readdirSync(room)).toEqual(["some.whl"]);
  });
});
