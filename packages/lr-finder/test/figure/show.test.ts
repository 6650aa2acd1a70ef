import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { build } from "esbuild";
import { LrFinder } from "@fulmine/lr-finder";
import { typical } from "../support/sweeps.js";
import { startChromium } from "../../../../test/support/startChromium.js";

const root = join(import.meta.dirname, "../../../..");
const folder = mkdtempSync(join(tmpdir(), "fulmine-show-"));
const search = join(folder, "search.json");
writeFileSync(search, JSON.stringify(new LrFinder(typical)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Shows the search in a program of its own, and gives what it printed. */
async function show(path: string, env: Readonly<Record<string, string>>): Promise<string> {
  const program = `
    import { readFileSync } from "node:fs";
    import { LrFinder } from "@fulmine/lr-finder";
    await LrFinder.fromJSON(readFileSync(${JSON.stringify(search)}, "utf8")).show(${path});`;
  const { PATH = "", HOME = "" } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
    env: { PATH, HOME, TMPDIR: folder, ...env },
  });
  return stdout;
}

describe("show", () => {
  test("without a desktop writes a page and prints its path, and that is all", async () => {
    const [, path = ""] = /^Learning-rate figure: (.*)\n$/.exec(await show("", {})) ?? [];
    expect(dirname(dirname(path))).toBe(folder);
    expect(readFileSync(path, "utf8")).toMatch(/^<!doctype html>[^]*suggested lr/);
  });

  test("writes to the path that is given, in the form of its ending", async () => {
    const path = join(folder, "lr.svg");
    expect(await show(JSON.stringify({ path, suggest: false }), {})).toBe(`Learning-rate figure: ${path}\n`);
    expect(readFileSync(path, "utf8")).toMatch(/^<svg /);
  });

  test.runIf(process.platform === "linux")("opens the page where there is a desktop", async () => {
    const opened = join(folder, "opened");
    const browser = join(folder, "browser");
    writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > ${opened}\n`);
    chmodSync(browser, 0o755);
    // Of what is installed here nothing is to be opened.
    const desktop = { DISPLAY: ":0", BROWSER: browser, HOME: folder, XDG_DATA_DIRS: folder };
    const [, path = ""] = /figure: (.*)/.exec(await show("", desktop)) ?? [];
    await vi.waitFor(() => expect(existsSync(opened)).toBe(true), { timeout: 20_000, interval: 100 });
    expect(readFileSync(opened, "utf8").replace("file://", "")).toBe(path);
    rmSync(opened);
    // In front of a machine that is reached over the network nobody sits.
    await show("", { ...desktop, SSH_CONNECTION: "192.0.2.1 5000 192.0.2.2 22" });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(existsSync(opened)).toBe(false);
  });

  test("leaves nothing behind when the figure can't be drawn", async () => {
    const before = readdirSync(folder);
    await expect(show(JSON.stringify({ path: join(folder, "lr.bmp") }), {})).rejects.toThrow(
      ".svg, .png or .html",
    );
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe("show in a browser", () => {
  test("opens a tab, or says that it was blocked", async ({ skip }) => {
    const browser = await startChromium();
    if (browser === null) return skip("there is no Chromium on this machine");
    try {
      const code = `import { LrFinder } from "@fulmine/lr-finder";
        const finder = LrFinder.fromJSON(${readFileSync(search, "utf8")});
        window.show = () => finder.show();`;
      const { outputFiles } = await build({
        ...{ stdin: { contents: code, resolveDir: root }, bundle: true, format: "esm", platform: "browser" },
        write: false,
      });
      const page = await browser.newPage();
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      await page.setContent(`<button onclick="show()">show</button>`);
      await page.addScriptTag({ content: outputFiles[0]?.text ?? "", type: "module" });
      const [tab] = await Promise.all([page.waitForEvent("popup"), page.click("button")]);
      await tab.locator("#figure svg:visible").waitFor();
      expect(await tab.title()).toBe("Learning-rate sweep");
      expect(said).toEqual([expect.stringMatching(/^Learning-rate figure: blob:\S+$/)]);
      await page.evaluate(() => {
        window.open = () => null;
      });
      await page.click("button");
      await vi.waitFor(() => expect(said.at(-1)).toContain("allow pop-ups for this page"));
    } finally {
      await browser.close();
    }
  });
});
