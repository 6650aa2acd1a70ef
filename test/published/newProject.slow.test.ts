import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages } from "../../scripts/packPackages.mjs";

const root = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-scaffold-"));
const project = join(room, "spirals");

/** Runs npm in the new project, with none of what npm told the tests' own process. */
function npm(...args: readonly string[]): { output: string; status: number | null } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const { stdout, stderr, status } = spawnSync("npm", args, { cwd: project, encoding: "utf8", env });
  return { output: stdout + stderr, status };
}

beforeAll(() => {
  const tarballs = Object.values(packPackages(room));
  execFileSync(process.execPath, [join(root, "packages/fulmine/bin/fulmine.js"), "new", project]);
  expect(tarballs).toHaveLength(6);
  const { output, status } = npm("install", "--prefer-offline", ...tarballs);
  expect(status, output).toBe(0);
}, 300_000);
afterAll(() => rmSync(room, { recursive: true, force: true }), 60_000);

describe("a project that fulmine new made, on the packages as they are published", () => {
  test("passes its own tests", () => {
    const { output, status } = npm("test");
    expect(output).toContain("# pass 2");
    expect(status).toBe(0);
  });

  test("starts: finds its rate, draws it and trains", () => {
    const { output, status } = npm("start");
    expect(status, output).toBe(0);
    expect(output).toMatch(/^Learning rate set to 0\.\d+ \(hparams\.lr/m);
    expect(Number(/held-out points: ([\d.]+)/.exec(output)?.[1])).toBeGreaterThan(0.9);
  });

  test("has the fulmine command at hand", () => {
    const { output, status } = npm("run", "find-lr");
    expect(status, output).toBe(0);
    expect(output).toContain("Saved as lr.html");
    expect(existsSync(join(project, "lr.html"))).toBe(true);
  });
});
