import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const examples = join(import.meta.dirname, "../../examples");
let room = "";

beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), "fulmine-examples-"));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** Runs an example as a person would, in an empty folder. */
function run(name: string, ...args: readonly string[]): string {
  const main = join(examples, name, "dist/main.js");
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    cwd: room,
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** The figure that an example wrote. */
function figure(name: string): string {
  expect(existsSync(join(room, name))).toBe(true);
  return readFileSync(join(room, name), "utf8");
}

/** The numbers that follow a word, in order. */
function numbersAfter(word: string, output: string): number[] {
  return [...output.matchAll(new RegExp(`${word} ([\\d.e+-]+)`, "g"))].map(([, number]) => Number(number));
}

describe("exponential-decay", () => {
  let output = "";
  beforeAll(() => {
    output = run("exponential-decay");
  });

  test("grows the rate until the loss has risen by twice its fall", () => {
    expect(output).toContain("each rate 1.3 times the one before; the sweep diverged");
    const [, ...losses] =
      /the loss fell from ([\d.]+) to ([\d.]+), and was ([\d.]+) in the end/.exec(output) ?? [];
    const [first = NaN, lowest = NaN, last = NaN] = losses.map(Number);
    expect(last - lowest).toBeGreaterThan(2 * (first - lowest));
    expect(figure("exponential-decay-lr.svg")).toContain("Growing by 1.3 per step");
  });

  test("prints a rate that falls by a tenth after each epoch, and learns", () => {
    const rates = numbersAfter("lr", output).slice(-25);
    expect(rates).toHaveLength(25);
    for (const [epoch, rate] of rates.entries())
      expect(rate).toBeCloseTo((rates[0] ?? NaN) * 0.9 ** epoch, 4);
    expect(numbersAfter("images:", output)[0]).toBeGreaterThan(0.88);
  });
});

describe("cyclical", () => {
  let output = "";
  beforeAll(() => {
    output = run("cyclical");
  });

  test("leaves the weights as they were, whatever was swept", () => {
    const [, before, after] =
      /before the four sweeps ([0-9a-f]{16}), after them ([0-9a-f]{16}): equal/.exec(output) ?? [];
    expect(before).toBeDefined();
    expect(after).toBe(before);
  });

  test("draws both sweeps and how the loss changes, over equal factors and over equal differences", () => {
    for (const name of ["cyclical-lr.svg", "cyclical-lr-linear.svg"]) {
      const svg = figure(name);
      for (const label of ["on the training batch", "on the validation set", "change per"]) {
        expect(svg).toContain(label);
      }
    }
    expect(figure("cyclical-lr.svg")).toContain("learning rate (log scale)");
    expect(figure("cyclical-lr-linear.svg")).not.toContain("log scale");
  });

  test("cycles within the range around the steepest decrease, and learns", () => {
    const [pick = NaN] = numbersAfter("Steepest decrease at", output);
    const [low = NaN] = numbersAfter("cycling from", output);
    expect(low).toBeLessThan(pick);
    expect(numbersAfter("images:", output)[0]).toBeGreaterThan(0.88);
  });
});

describe("names", () => {
  let output = "";
  beforeAll(() => {
    output = run("names", "--steps", "4000");
  });

  test("sweeps a thousand rates, and draws the loss over them and over their exponents", () => {
    expect(output).toContain("Finding the learning rate  1000/1000");
    expect(figure("names-lr.svg")).toContain("learning rate (log scale)");
    expect(figure("names-exponent.svg")).toContain("log₁₀ of the learning rate");
  });

  test("lowers the loss, further at a tenth of the rate", () => {
    const line = output.split("\n").find((text) => /^(\d\.\d+ {2}){9}\d\.\d+$/.test(text)) ?? "";
    const tenths = line.split("  ").map(Number);
    expect(tenths).toHaveLength(10);
    expect(tenths[5]).toBeLessThan(tenths[0] ?? NaN);
    expect(tenths[9]).toBeLessThan(tenths[5] ?? NaN);
    expect(figure("names-loss.svg")).toContain("log10 of the loss, means of 40 steps");
    const [, before, after] = /Held-out loss ([\d.]+) before training, ([\d.]+) after/.exec(output) ?? [];
    expect(Number(after)).toBeLessThan(0.75 * Number(before));
  });

  test("makes up names", () => {
    const names = output.trim().split("\n").at(-1)?.split(", ") ?? [];
    expect(names).toHaveLength(20);
    for (const name of names) expect(name).toMatch(/^[a-z]{0,20}$/);
    expect(new Set(names).size).toBeGreaterThan(10);
  });
});

describe("lightning-style", () => {
  let output = "";
  beforeAll(() => {
    output = run("lightning-style");
  });

  test("writes the rate to hparams.lr, or to the field that is named", () => {
    const [auto = NaN] = numbersAfter("hparams.lr =", output);
    const [named = NaN] = numbersAfter("hparams.s =", output);
    for (const rate of [auto, named]) {
      expect(rate).toBeGreaterThan(1e-4);
      expect(rate).toBeLessThan(0.5);
    }
    expect(output).toContain("(hparams.s; rule auto");
  });

  test("hands out results, a figure and a suggestion by hand, and trains with it", () => {
    expect(output).toMatch(/^results: \d+ rates from 1\.0e-6, loss \d/m);
    expect(figure("lightning-style-lr.svg")).toContain("UCI digits, Adam");
    expect(numbersAfter("suggestion:", output)[0]).toBeGreaterThan(1e-4);
    expect(numbersAfter("val_loss", output).at(-1)).toBeLessThan(0.5);
  });
});

describe("text", () => {
  test("tells code from prose by their tokens, with weights for the rarer class", () => {
    const output = run("text");
    const [, lines, code] = /(\d+) lines to train on, of which (\d+) are code/.exec(output) ?? [];
    expect(Number(code)).toBeGreaterThan(100);
    expect(Number(code)).toBeLessThan(Number(lines) / 2);
    // A frequent word is one piece; a new one is put together from its letters.
    expect(output).toContain('"fit the model" is fit | the | model');
    expect(output).toMatch(/"refitting\(\);" is r \| ##e \| .* \| \( \| \) \| ;/);
    expect(numbersAfter("accuracy", output).at(-1)).toBeGreaterThan(0.9);
    const [, ...counts] =
      /prose: (\d+) told, (\d+) taken for code; code: (\d+) told, (\d+) taken/.exec(output) ?? [];
    const held = counts.map(Number).reduce((sum, count) => sum + count, 0);
    expect(Math.abs(held - Number(lines) * (0.15 / 0.7))).toBeLessThan(3);
    const [codeLine = NaN, proseLine = NaN] = [...output.matchAll(/^(\d\.\d\d) {2}/gm)].map(([, chance]) =>
      Number(chance),
    );
    expect(codeLine).toBeGreaterThan(0.5);
    expect(proseLine).toBeLessThan(0.5);
  });
});
