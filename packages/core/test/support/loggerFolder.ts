// Importing this file gives each test of the importing file a folder for logs, which is removed after the test.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { FulmineError } from "@fulmine/core";

/** The path of the folder of the current test. */
export let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fulmine-loggers-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

/** The text of a file in the folder. */
export function read(...parts: readonly string[]): string {
  return readFileSync(join(dir, ...parts), "utf8");
}

/** The code of the error that a function throws. */
export function thrownCode(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof FulmineError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}
