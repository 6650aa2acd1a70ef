import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { findExecutable } from "../../../src/native/host/findExecutable.js";
import { runSetup, type SetupRun } from "../../support/runSetup.js";
import { temporaryCache } from "../../support/temporaryCache.js";

/** The reason why the real set-up can't run here; `null` when none is known. */
const obstacle = (() => {
  if (process.platform !== "linux") return "the native backend is for Linux";
  if (findExecutable("python3") === null) return "python3 is missing";
  return findExecutable("g++", "c++", "clang++") === null ? "a C++ compiler is missing" : null;
})();

// One real download, extraction and compilation. Each test continues where the last one ended.
describe.skipIf(obstacle !== null)(
  `setting up for real (${obstacle ?? "one download"})`,
  { timeout: 120_000 },
  () => {
    let cache: ReturnType<typeof temporaryCache>;
    let killed: SetupRun;
    beforeAll(async () => {
      cache = temporaryCache();
      killed = await runSetup({ onPhase: (phase, child) => phase === "extract" && child.kill("SIGKILL") });
    }, 120_000);
    afterAll(() => cache.remove());

    const list = (...folder: readonly string[]): string[] => {
      const path = join(cache.folder, ...folder);
      return existsSync(path) ? readdirSync(path) : [];
    };
    const skipWithoutIndex = ({ skip }: TestContext): void => {
      if (/could not be reached|pip/.test(killed.error)) skip(`no download: ${killed.error}`);
    };

    it("a run that is killed while it extracts leaves nothing that looks like a build", (context) => {
      skipWithoutIndex(context);
      expect(killed).toMatchObject({ signal: "SIGKILL", phases: ["check", "download", "extract"] });
      expect(list("native")).toEqual([]);
      expect(list("locks")).toHaveLength(1);
    });

    it("the next run downloads only what is missing, and Ctrl-C ends it and all its child processes", async (context) => {
      skipWithoutIndex(context);
      const run = await runSetup({ onPhase: (phase, child) => phase === "compile" && child.kill("SIGINT") });
      expect(run).toMatchObject({ signal: "SIGINT", phases: ["check", "extract", "download", "compile"] });
      expect(list("native")).toEqual([]);
      expect(list("locks")).toEqual([]);
      // The compiler writes its output at its end, so no output means that it was stopped before.
      const [staging = ""] = list("staging");
      expect(list("staging", staging).filter((name) => name.endsWith(".half"))).toEqual([]);
      expect(commandLines().filter((line) => line.includes(cache.folder))).toEqual([]);
    });

    it("of two runs at once, one compiles, the other waits, and both end with the same build", async (context) => {
      skipWithoutIndex(context);
      const runs = await Promise.all([runSetup(), runSetup()]);
      expect(runs.map(({ code, error }) => [code, error])).toEqual([
        [0, ""],
        [0, ""],
      ]);
      expect(runs.filter(({ isFresh }) => isFresh)).toHaveLength(1);
      expect(runs.find(({ isFresh }) => isFresh)?.phases).toEqual(["check", "compile", "verify"]);
      expect(runs.find(({ isFresh }) => !isFresh)?.phases).toEqual(["check", "wait"]);
      expect(list("native")).toHaveLength(1);
      expect(list("staging")).toEqual([]);
      expect(list("locks")).toEqual([]);
    });

    it("a further run finds the build and does nothing", async (context) => {
      skipWithoutIndex(context);
      expect(await runSetup()).toMatchObject({ code: 0, isFresh: false, phases: [] });
    });

    it("the backend trains, shares tensors with the app's tfjs, and prints nothing", async (context) => {
      skipWithoutIndex(context);
      const program = fileURLToPath(new URL("../../support/nativeProgram.ts", import.meta.url));
      const args = ["--import", "tsx", "--conditions=@fulmine/source", program];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
      const result: unknown = JSON.parse(stdout.slice(stdout.indexOf("{")));
      expect(result).toMatchObject({ backend: "tensorflow", version: "2.21.0", before: [[2]], after: [[2]] });
      expect(result).toHaveProperty("line", expect.stringMatching(/^Backend: \w+ \(TensorFlow 2\.21\.0, /));
      expect(result).toHaveProperty("loss", expect.closeTo(0, 1));
      expect(stderr).not.toMatch(/oneDNN|absl|cpu_feature_guard/);
    });
  },
);

/** Lists the command lines of all processes on this machine. */
function commandLines(): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [readFileSync(join("/proc", pid, "cmdline"), "utf8")];
    } catch {
      return []; // The process has ended.
    }
  });
}
