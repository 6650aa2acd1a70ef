import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RandomState } from "@fulmine/core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { findOnPath } from "../../../../../scripts/findOnPath.mjs";
import { inTerminal, SIGNALS, type TerminalEnd } from "../../support/inTerminal.js";
import { bin } from "../../support/runCli.js";

/** The longest time, in seconds, that a set-up works before the signal: it may be downloading, unpacking or compiling. */
const LONGEST_DELAY = 10;

const UNREACHABLE = "The Python package index could not be reached";

const canSetUp = process.platform === "linux" && findOnPath("python3") !== null && findOnPath("g++") !== null;
const random = RandomState.fromEntropy();
const cache = mkdtempSync(join(tmpdir(), "fulmine-signals-"));
const empty = (): void => {
  rmSync(cache, { recursive: true, force: true, maxRetries: 5 });
};
beforeEach(() => {
  // What is finished leaves no work to be stopped in.
  if (list("native").length > 0) empty();
});
afterAll(empty);

function list(...folder: readonly string[]): string[] {
  const path = join(cache, ...folder);
  return existsSync(path) ? readdirSync(path) : [];
}

/** The command lines of all processes that have to do with the cache. */
function processes(): string[] {
  const lines = readdirSync("/proc").map((pid) => {
    try {
      return readFileSync(join("/proc", pid, "cmdline"), "utf8");
    } catch {
      return ""; // It ended meanwhile, or is no process.
    }
  });
  return lines.filter((line) => line.includes(cache));
}

function setUp(signals: readonly string[], delay: number): Promise<TerminalEnd> {
  const env = { FULMINE_CACHE: cache };
  const args = [process.execPath, bin, "setup"];
  return inTerminal({ args, cwd: import.meta.dirname, env, at: "Looking", delay, signals });
}

/** Sees that of an ended set-up only what is whole is there, and nothing that it started still runs. */
function expectNothingHalf(): void {
  expect(list("locks")).toEqual([]);
  for (const build of list("staging"))
    for (const kept of list("staging", build)) expect(["wheels", "site"]).toContain(kept);
  expect(processes()).toEqual([]);
}

describe.skipIf(!canSetUp)("a set-up in a terminal", () => {
  test.each(SIGNALS)("ends by $name, and leaves nothing half-made", async ({ name, number }) => {
    const delay = random.float() * LONGEST_DELAY;
    const { output, status } = await setUp([name], delay);
    expectNothingHalf();
    // A fast machine was done before the signal, and one without a package index had nothing to do.
    if (status === 0 || output.includes(UNREACHABLE)) return;
    expect(status, `${name} after ${delay} s`).toBe(-number);
    expect(output.trimEnd()).toMatch(/✗ .* s\)$/);
    expect(list("native")).toEqual([]);
  });

  test.each(SIGNALS)(
    "ends by a second $name at once, and leaves nothing half-made",
    async ({ name, number }) => {
      const { output, status } = await setUp([name, name], random.float());
      expectNothingHalf();
      if (status !== 0 && !output.includes(UNREACHABLE)) expect(status).toBe(-number);
    },
  );
});
