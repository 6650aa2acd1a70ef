import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LrFinder } from "@fulmine/lr-finder";
import { typical } from "../../support/sweeps.js";
import { startChromium } from "../../../../../test/support/startChromium.js";

const pictures = join(import.meta.dirname, "../../../../../test-results/browser");
const folder = mkdtempSync(join(tmpdir(), "fulmine-report-"));
let browser: Browser | null = null;
let page: Page;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const report = join(folder, "lr.html");
  await (await new LrFinder(typical).plot({ suggest: true, change: true })).save(report);
  browser = await startChromium();
  if (browser === null) return;
  page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  await page.goto(pathToFileURL(report).href);
});
beforeEach(({ skip }) => {
  if (browser === null) return skip("there is no Chromium on this machine");
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const readOut = (): Promise<string> => page.locator("#readout").innerText();

describe("a search's report, opened in a browser", () => {
  test("loads nothing from anywhere", async () => {
    const requests = await page.evaluate(() => performance.getEntriesByType("resource").length);
    expect(requests).toBe(0);
  });

  test("reads the curve out where the pointer is", async () => {
    const box = await page.locator("#figure svg:visible").boundingBox();
    expect(box).not.toBeNull();
    if (box === null) return;
    const pointAt = (share: number): Promise<void> =>
      page.mouse.move(box.x + share * box.width, box.y + 0.3 * box.height);
    await pointAt(0.3);
    const left = await readOut();
    expect(left).toMatch(/lr .*\d/);
    await pointAt(0.6);
    expect(await readOut()).not.toBe(left);
    await page.screenshot({ path: join(pictures, "report.png") });
  });

  test("reads it out rung by rung to those who use the keyboard", async () => {
    await page.locator("#figure").focus();
    const before = await readOut();
    await page.keyboard.press("ArrowRight");
    expect(await readOut()).not.toBe(before);
  });

  test("has letters that can be read in a window of any width", async () => {
    const letters = async (width: number): Promise<number[]> => {
      await page.setViewportSize({ width, height: 900 });
      return page.locator("#figure svg:visible text").evaluateAll((texts) =>
        texts.map((text) => {
          const { a = 1, b = 0 } = (text as SVGTextElement).getScreenCTM() ?? {};
          return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
        }),
      );
    };
    for (const width of [360, 420, 600, 601, 1000]) {
      const sizes = await letters(width);
      expect(sizes.length).toBeGreaterThan(10);
      expect(Math.min(...sizes), `at ${width} pixels`).toBeGreaterThan(9);
      expect(Math.max(...sizes), `at ${width} pixels`).toBeLessThan(28);
    }
    await page.setViewportSize({ width: 420, height: 900 });
    const box = await page.locator("#figure svg:visible").boundingBox();
    await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
    expect(await page.locator("#figure circle[r='5']:visible").count()).toBe(1);
    await page.screenshot({ path: join(pictures, "report-narrow.png") });
    await page.setViewportSize({ width: 1000, height: 900 });
  });

  test("has every rung in its table", async () => {
    for (const closed of await page.locator("details:not([open]) > summary").all()) await closed.click();
    expect(await page.locator("table tbody tr").count()).toBe(typical.lr.length);
    await page.screenshot({ path: join(pictures, "report-table.png"), fullPage: false });
  });
});
