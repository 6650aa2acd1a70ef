import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EMULATED_GPU, startChromium } from "../support/startChromium.js";

const example = join(import.meta.dirname, "../../examples/browser");
const pictures = join(import.meta.dirname, "../../test-results/browser");

let server: PreviewServer;
let address = "";
let browser: Browser | null = null;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  expect(existsSync(join(example, "dist/index.html")), "run npm run build first").toBe(true);
  mkdirSync(pictures, { recursive: true });
  server = await preview({ root: example, preview: { port: 0 }, logLevel: "silent" });
  address = server.resolvedUrls?.local[0] ?? "";
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

beforeEach(async ({ skip }) => {
  if (browser === null) return skip("there is no Chromium on this machine");
  page = await browser.newPage({ viewport: { width: 900, height: 1250 } });
  troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  await page.goto(address);
  await page.locator("#start:enabled").waitFor();
});
afterEach(async () => {
  await page.close();
});

const textOf = (id: string): Promise<string> => page.locator(id).innerText();
const isSaid = (text: string | RegExp): Promise<void> =>
  page.locator("#status", { hasText: text }).waitFor({ timeout: 100_000 });

describe("the page that trains", () => {
  test("draws the sweep while it is measured, marks the pick, trains on, and reads digits", async () => {
    expect(await textOf("#backend")).toMatch(/^Backend: (wasm|webgpu) \([^;]+\)$/);
    await page.click("#start");
    const live = page.locator("#sweep svg", { hasText: /\d+ of 100 steps/ });
    await live.waitFor();
    await page.screenshot({ path: join(pictures, "live.png") });

    await isSaid(/^Training at 0\.\d+/);
    expect(await page.locator("#sweep svg").textContent()).toContain("suggested lr");

    await isSaid("Trained");
    const [, share] = /epoch 30 of 30: ([\d.]+) %/.exec(await textOf("#accuracy")) ?? [];
    expect(Number(share)).toBeGreaterThan(95);
    expect(await page.locator("#digits figure").count()).toBe(48);
    expect(await page.locator("#digits figure.wrong").count()).toBeLessThan(8);
    await page.screenshot({ path: join(pictures, "trained.png"), fullPage: true });
    expect(troubles).toEqual([]);
  });

  test("goes on drawing frames while it sweeps and trains, so that it is not frozen", async () => {
    const frames = page.evaluate(
      () =>
        new Promise<Record<string, number>>((resolve) => {
          const seen: Record<string, number> = {};
          const count = (): void => {
            const [word = ""] = document.querySelector("#status")?.textContent.split(" ") ?? [];
            if (word === "Trained") return resolve(seen);
            seen[word] = (seen[word] ?? 0) + 1;
            requestAnimationFrame(count);
          };
          count();
        }),
    );
    await page.click("#start");
    const { Finding = 0, Training = 0 } = await frames;
    // Frozen, it would draw one at most in each.
    expect(Finding).toBeGreaterThan(5);
    expect(Training).toBeGreaterThan(20);
  });

  test("takes WebGPU where there is a GPU, and sweeps there", async ({ skip }) => {
    const withGpu = await startChromium(EMULATED_GPU);
    if (withGpu === null) return;
    try {
      page = await withGpu.newPage();
      await page.goto(address);
      await page.locator("#start:enabled").waitFor();
      if (!(await textOf("#backend")).startsWith("Backend: webgpu "))
        return skip("this Chromium emulates no GPU");
      await page.click("#start");
      await page.locator("#sweep svg", { hasText: /[1-9]\d of 100 steps/ }).waitFor({ timeout: 100_000 });
      await page.click("#stop");
      await isSaid("Stopped");
    } finally {
      await withGpu.close();
    }
  });

  test("stops when told to in the middle of training, and begins anew", async () => {
    await page.click("#start");
    await isSaid(/^Training at/);
    await page.locator("#accuracy", { hasText: /epoch \d+ of 30/ }).waitFor();
    await page.click("#stop");
    await isSaid("Stopped");
    expect(await page.locator("#epochs").evaluate((bar: HTMLProgressElement) => bar.value)).toBeLessThan(30);
    await page.click("#start");
    await isSaid(/^Finding/);
    await page.click("#stop");
    await isSaid("Stopped");
    expect(await page.locator("#start").isEnabled()).toBe(true);
    expect(troubles).toEqual([]);
  });
});
