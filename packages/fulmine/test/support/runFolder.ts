// Importing this file gives each test of the importing file a folder of runs, which is removed after the test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** The folder of the current test. */
export let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fulmine-watch-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Writes a file in the folder. */
export function write(path: string, text: string): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
