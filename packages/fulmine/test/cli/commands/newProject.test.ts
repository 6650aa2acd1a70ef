import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../support/runCli.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "fulmine-cli-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const text = (...path: readonly string[]): string => readFileSync(join(cwd, ...path), "utf8");

describe("fulmine new", () => {
  test("creates a project with a valid npm name", async () => {
    const { stdout, status } = await runCli(["new", "My Spirals!"], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain("Created my-spirals in ");
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
    ) as {
      version: string;
    };
    expect(JSON.parse(text("My Spirals!", "package.json"))).toMatchObject({
      name: "my-spirals",
      dependencies: { fulmine: version },
    });
    expect(readdirSync(join(cwd, "My Spirals!")).sort()).toEqual(
      [".gitignore", ".npmrc", "README.md", "package.json", "src", "test", "tsconfig.json"].sort(),
    );
    expect(text("My Spirals!", "README.md")).toMatch(/^# my-spirals\n/);
  });

  test("prints the created files with --json", async () => {
    mkdirSync(join(cwd, "empty"));
    const { stdout } = await runCli(["new", "empty", "--json"], { cwd });
    const { name, files } = JSON.parse(stdout) as { name: string; files: string[] };
    expect(name).toBe("empty");
    for (const file of files) expect(text("empty", file)).not.toContain("{{");
  });

  test("leaves a folder that is not empty unchanged", async () => {
    writeFileSync(join(cwd, "mine.txt"), "mine");
    const { stderr, status } = await runCli(["new", "."], { cwd });
    expect(status).toBe(1);
    expect(stderr).toContain("is not empty. Name a new or an empty folder.");
    expect(readdirSync(cwd)).toEqual(["mine.txt"]);
  });

  test("fails when a file blocks the folder", async () => {
    writeFileSync(join(cwd, "file"), "mine");
    const { status } = await runCli(["new", "file/project"], { cwd });
    expect(status).toBe(1);
    expect(text("file")).toBe("mine");
  });
});
