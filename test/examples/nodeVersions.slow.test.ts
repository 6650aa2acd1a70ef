import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fetchNode } from "../support/fetchNode.js";

const project = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-nodes-"));
afterAll(() => rmSync(room, { recursive: true, force: true }), 60_000);

const setup = spawnSync(process.execPath, [
  join(project, "packages/fulmine/bin/fulmine.js"),
  "setup",
  "--quiet",
]);

describe.each([20, 22, 24])("on Node %i", (major) => {
  test("the doctor finds the backend, and the digits train on it", ({ skip }) => {
    const node = fetchNode(major, room);
    if (node === null) return skip(`no binary of Node ${major} can be had here`);
    const run = (...args: string[]): string => execFileSync(node, args, { encoding: "utf8", cwd: room });
    const report = JSON.parse(run(join(project, "packages/fulmine/bin/fulmine.js"), "doctor", "--json")) as {
      runtime: string;
      accelerator: { accelerator: string };
    };
    expect(report.runtime).toMatch(new RegExp(`^Node ${major}\\.`));
    expect(report.accelerator.accelerator).toBe(setup.status === 0 ? "native" : "wasm");
    expect(run(join(project, "examples/digits/dist/main.js"))).toMatch(/held-out images: 0\.9[789]/);
  });
});
