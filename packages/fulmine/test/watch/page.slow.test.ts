import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CsvLogger } from "@fulmine/core/node";
import { LrFinder } from "@fulmine/lr-finder";
import { typical } from "../../../lr-finder/test/support/sweeps.js";
import { startChromium } from "../../../../test/support/startChromium.js";
import { startWatchServer, type WatchServer } from "../../src/watch/watchServer.js";
import { dir, write } from "../support/runFolder.js";

const pictures = join(import.meta.dirname, "../../../../test-results/watch");

let browser: Browser | null = null;
let server: WatchServer;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await startChromium();
});
afterAll(() => browser?.close());

beforeEach(async ({ skip }) => {
  if (browser === null) return skip("there is no Chromium on this machine");
  server = await startWatchServer(dir, 0);
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
  troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
});
afterEach(async () => {
  if (browser === null) return;
  await page.close();
  await server.close();
});

/** A run of which a few values are written. */
function startRun(version: number, steps: number): CsvLogger {
  const logger = new CsvLogger({ dir, version });
  logger.logHyperparams({ lr: 0.01 });
  for (let step = 1; step <= steps; step++)
    logger.logMetrics({ train_loss: (1 + version / 10) / step, accuracy: 1 - 1 / step }, step);
  logger.finalize();
  return logger;
}

const titles = (): Promise<string[]> => page.locator("figcaption > :first-child").allInnerTexts();
const chart = (title: string) => page.locator("figure", { hasText: title });

/** The number of different colours in a chart, which an empty one has few of. */
const coloursOf = (title: string): Promise<number> =>
  chart(title)
    .locator("canvas")
    .evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const colours = new Set<string>();
      for (let at = 0; at < pixels.length; at += 4)
        if ((pixels[at + 3] ?? 0) === 255) colours.add(pixels.slice(at, at + 3).join());
      return colours.size;
    });

/** What the tooltip says when the pointer is at a share of a chart's width. */
async function pointAt(title: string, share: number): Promise<string> {
  const box = await chart(title).locator(".u-over").boundingBox();
  if (box === null) throw new Error("The chart is not shown.");
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
  return chart(title).locator(".tip").innerText();
}

describe("the page of fulmine watch", () => {
  test("shows runs as they are written, from an empty folder on", async () => {
    await page.goto(server.address);
    await page.locator("#empty", { hasText: `No runs yet in ${dir}.` }).waitFor();
    await page.screenshot({ path: join(pictures, "empty.png") });

    const logger = startRun(0, 20);
    await chart("train_loss").waitFor();
    expect(await titles()).toEqual(["train_loss", "accuracy"]);
    expect(await page.locator("#runs .age").innerText()).toBe("live");
    expect(await pointAt("train_loss", 0.999)).toMatch(/^step 20\s+version_0\s+0\.05$/);

    for (let step = 21; step <= 40; step++) logger.logMetrics({ train_loss: 1 / step, val_loss: 2 }, step);
    logger.finalize();
    await chart("val_loss").waitFor();
    expect(await titles()).toEqual(["train_loss", "val_loss", "accuracy"]);
    await expect.poll(() => pointAt("train_loss", 0.999)).toMatch(/^step 40\s+version_0\s+0\.025$/);

    startRun(1, 30);
    await page.locator("#runs li").nth(1).waitFor();
    await expect
      .poll(() => pointAt("train_loss", 0.3))
      .toMatch(/version_0[^]*version_1|version_1[^]*version_0/);
    expect(await coloursOf("train_loss")).toBeGreaterThan(3);
    expect(troubles).toEqual([]);
  });

  test("overlays the runs that are checked, on a linear or a log scale, light or dark", async () => {
    for (let version = 0; version < 20; version++) startRun(version, 50);
    write("version_19/metrics.csv", "step,train_loss\n1,NaN\n2,0\n3,5\n");
    await page.goto(server.address);
    await page.locator("#count", { hasText: "10 of 20 runs shown" }).waitFor();
    await page.click("#all");
    await page.locator("#count", { hasText: /^20 runs shown$/ }).waitFor();
    await page.locator(".note", { hasText: "1 value is not finite" }).waitFor();
    await page.screenshot({ path: join(pictures, "light.png") });
    expect(await pointAt("train_loss", 0.5)).toContain("and 11 more");

    await page.check("#log");
    await page.locator(".note", { hasText: "1 value is 0 or less, not on a log scale" }).waitFor();
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.selectOption("#theme", "dark");
    await page.screenshot({ path: join(pictures, "dark.png") });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(light);

    await page.fill("#filter", "version_19");
    expect(await page.locator("#runs li").count()).toBe(1);
    await page.click("#none");
    await page.locator("#count", { hasText: "19 of 20" }).waitFor();
    await page.fill("#filter", "");
    await page.click("#none");
    await page.locator("#empty", { hasText: "No run is chosen." }).waitFor();
    expect(await titles()).toEqual([]);
    await page.locator("#runs input").nth(2).check();
    await chart("accuracy").waitFor();
    expect(await pointAt("accuracy", 0.999)).toMatch(/^step 50\s+version_2\s+0\.98$/);

    await page.reload();
    expect([await page.isChecked("#log"), await page.inputValue("#theme")]).toEqual([true, "dark"]);
    expect(troubles).toEqual([]);
  });

  test("stays zoomed while values arrive, until a double click", async () => {
    const logger = startRun(0, 100);
    await page.goto(server.address);
    await chart("train_loss").waitFor();
    const box = await chart("train_loss").locator(".u-over").boundingBox();
    if (box === null) throw new Error("The chart is not shown.");
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 50, { steps: 5 });
    await page.mouse.up();
    const stepAt = async (share: number): Promise<number> =>
      Number(/step (\d+)/.exec(await pointAt("train_loss", share))?.[1]);
    expect([await stepAt(0.01), await stepAt(0.99)]).toEqual([41, 60]);
    for (let step = 101; step <= 200; step++) logger.logMetrics({ train_loss: 1 / step, fresh: 1 }, step);
    logger.finalize();
    await chart("fresh").waitFor();
    expect([await stepAt(0.01), await stepAt(0.99)]).toEqual([41, 60]);
    await chart("train_loss").locator(".u-over").dblclick();
    expect(await stepAt(0.99)).toBeGreaterThan(190);
    expect(troubles).toEqual([]);
  });

  test("draws searches with their pick, and 10,000 steps, and tells when it has lost the server", async () => {
    const logger = startRun(0, 10_000);
    const finder = new LrFinder(typical);
    await finder.log(logger);
    write("version_0/saved.json", JSON.stringify(finder));
    await page.goto(server.address);
    await chart("saved").waitFor();
    expect(await chart("saved").locator(".more").innerText()).toMatch(
      /^[\d.e-]+, suggested by the rule auto$/,
    );
    expect(await chart("lr_find").locator(".more").innerText()).toBe("0.01, hparams.lr");
    expect(await coloursOf("saved")).toBeGreaterThan(3);
    await chart("saved").scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(pictures, "searches.png") });
    expect(await pointAt("saved", 0.5)).toMatch(/^lr [\d.e-]+\s+version_0\s+[\d.]+$/);

    await server.close();
    await page.locator("#status.lost", { hasText: "fulmine watch has ended" }).waitFor();
    expect(await chart("saved").isVisible()).toBe(true);
    server = await startWatchServer(dir, Number(new URL(server.address).port));
    await page.locator("#status:not(.lost)").waitFor({ state: "attached" });
  });

  test("shows names as they are, even those that are HTML", async () => {
    const name = "<img src=x onerror=alert(1)>";
    write(`${name}/metrics.csv`, `step,"${name}"\n1,2\n`);
    await page.goto(server.address);
    await chart(name).waitFor();
    expect(await titles()).toEqual([name]);
    expect(await page.locator("#runs .name").innerText()).toBe(name);
    expect(await page.locator("img").count()).toBe(0);
    expect(troubles).toEqual([]);
  });
});
