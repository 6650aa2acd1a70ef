import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LrFinder, type SavedSearch, type Suggestion } from "@fulmine/lr-finder";
import { runCli, support } from "../../support/runCli.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "fulmine-cli-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const training = support("training.mjs");
const onCpu = ["--accelerator", "cpu"];

interface Found {
  readonly lr: number | null;
  readonly range: readonly number[] | null;
  readonly reason: string | null;
  readonly rule: string;
  readonly suggestions: readonly Suggestion[];
  readonly out: string | null;
  readonly search: SavedSearch;
}

/** Runs a search and parses its JSON. */
async function find(...args: readonly string[]): Promise<Found> {
  const { stdout, stderr, status } = await runCli(["find-lr", training, "--json", ...onCpu, ...args], {
    cwd,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as Found;
}

describe("fulmine find-lr", () => {
  test("draws the curve, explains it, and writes only the report that was asked for", async () => {
    const { stdout, stderr, status } = await runCli(["find-lr", training, ...onCpu, "--out", "lr.html"], {
      cwd,
    });
    expect(status).toBe(0);
    expect(stderr).toContain("Finding the learning rate");
    expect(stdout).toContain("suggested lr");
    expect(stdout).toContain("Swept ");
    expect(stdout).toContain("Saved as lr.html");
    expect(readdirSync(cwd)).toEqual(["lr.html"]);
    expect(readFileSync(join(cwd, "lr.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  test("repeats bit for bit with a seed, including the initial weights and data of the file", async () => {
    const losses = async (seed: string): Promise<unknown> => {
      const args = ["find-lr", support("unseeded.mjs"), "--json", ...onCpu, "--steps", "20", "--seed", seed];
      const { stdout, stderr } = await runCli(args, { cwd });
      expect(stdout, stderr).not.toBe("");
      return (JSON.parse(stdout) as Found).search;
    };
    const first = await losses("3");
    expect(await losses("3")).toEqual(first);
    expect(await losses("4")).not.toEqual(first);
  });

  test("with --json prints only JSON, which contains the whole search", async () => {
    const { lr, range, reason, rule, search, out } = await find();
    expect(reason).toBeNull();
    expect(out).toBeNull();
    expect(rule).toBe("auto");
    const finder = LrFinder.fromJSON(search);
    expect(finder.suggestion()).toBe(lr);
    expect(finder.results.lr[0]).toBe(1e-6);
    expect(range?.[0]).toBeLessThanOrEqual(lr ?? NaN);
  });

  test("passes its flags to the search", async () => {
    const flags = [
      "--min-lr",
      "1e-4",
      "--max-lr",
      "0.5",
      "--steps",
      "30",
      "--mode",
      "linear",
      "--repeats",
      "2",
    ];
    const { search, suggestions } = await find(...flags, "--val", "--seed", "3", "--rule", "minimum,valley");
    const { results } = LrFinder.fromJSON(search);
    expect(results.mode).toBe("linear");
    expect(results.lr).toHaveLength(30);
    expect([results.lr[0], results.lr[29]]).toEqual([1e-4, 0.5]);
    expect(results.valLoss).toHaveLength(30);
    expect(results.band?.sweeps).toBe(2);
    expect(suggestions.map(({ rule }) => rule)).toEqual(["minimum", "valley"]);
  });

  test("refines the suggestion, and sweeps with a growth, a smoothing and an early stop of the user's", async () => {
    const refined = await find("--refine=36", "--optimizer", "0");
    expect(LrFinder.fromJSON(refined.search).results.trials?.length).toBeGreaterThan(2);
    const { search } = await find("--growth", "2", "--beta", "0", "--early-stop", "none");
    const { lr, loss, smoothed, stopped } = LrFinder.fromJSON(search).results;
    expect(lr.slice(0, 3)).toEqual([1e-6, 2e-6, expect.closeTo(4e-6, 12)]);
    expect(stopped).toBe("finished");
    smoothed.forEach((mean, rung) => expect(mean).toBeCloseTo(loss[rung] ?? NaN, 6));
  });

  test.each(["lr.svg", "lr.json", "lr.csv"])("writes %s", async (name) => {
    const { lr, out } = await find("--out", name);
    expect(out).toBe(name);
    const text = readFileSync(join(cwd, name), "utf8");
    if (name === "lr.svg") expect(text).toMatch(/^<svg /);
    else expect(LrFinder[name === "lr.csv" ? "fromCsv" : "fromJSON"](text).suggestion()).toBe(lr);
  });

  test("exits with 3 and gives the reason when there is no suggestion", async () => {
    const { stdout, status } = await runCli(["find-lr", support("flat.mjs"), "--json", ...onCpu], { cwd });
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ lr: null, range: null, reason: "flat" });
  });

  test("fails before the sweep when the report can't be written", async () => {
    const { stderr, status } = await runCli(["find-lr", training, ...onCpu, "--out", "/dev/null/lr.html"], {
      cwd,
    });
    expect(status).toBe(1);
    expect(stderr).toContain("The file can't be written: ");
    expect(stderr).not.toContain("Finding the learning rate");
  });

  test("exits with 130 after Ctrl-C and leaves no file", async () => {
    const endless = ["--steps", "1000000", "--min-lr", "1e-9", "--max-lr", "1e-8", "--out", "lr.html"];
    const { stdout, stderr, status } = await runCli(["find-lr", training, ...onCpu, ...endless], {
      cwd,
      interruptAt: "Finding the learning rate",
    });
    expect(status).toBe(130);
    expect(stderr).toContain("Stopping after this step");
    expect(stdout).toBe("a training file may print\n");
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("names a file that is not JavaScript, and what shows the line", async () => {
    writeFileSync(join(cwd, "broken.mjs"), "export const model = (");
    const { stderr, status } = await runCli(["find-lr", "broken.mjs", ...onCpu], { cwd });
    expect(stderr).toContain("fulmine: broken.mjs can't be loaded: SyntaxError: Unexpected end of input. ");
    expect(stderr).toContain("Run `node broken.mjs`: it shows the line.\n");
    expect(status).toBe(1);
  });

  test.each([["find-lr"], ["fit"], ["test"], ["predict"]])(
    "%s installs no backend for a file that is not there",
    async (command) => {
      const cache = join(cwd, "cache");
      vi.stubEnv("FULMINE_CACHE", cache);
      const { stderr, status } = await runCli([command, "nowhere.mjs"], { cwd });
      vi.unstubAllEnvs();
      expect(stderr).toMatch(/^fulmine: There is no file nowhere\.mjs\. .*\n$/);
      expect(status).toBe(2);
      expect(existsSync(cache)).toBe(false);
    },
  );

  test.each([
    [["."], 2, ". is a folder. Give the training file in it."],
    [[training, "--optimizer", "1", ...onCpu], 2, "--optimizer must be below 1. Received: 1."],
    [[support("noModel.mjs"), ...onCpu], 1, "This one comes from another copy of fulmine"],
  ])("rejects %j with %i", async (args, expected, message) => {
    const { stdout, stderr, status } = await runCli(["find-lr", ...args], { cwd });
    expect(stderr).toContain(`fulmine: `);
    expect(stderr).toContain(message);
    expect(status).toBe(expected);
    expect(stdout.replace("a training file may print\n", "")).toBe("");
  });
});
