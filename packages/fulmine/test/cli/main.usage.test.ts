import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { support } from "../support/runCli.js";

const training = support("training.mjs");
const saving = support("saving.mjs");
const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, "error").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a wrong command line names the flag and ends with 2, before anything is loaded", () => {
  test.each([
    ["find-lr", [training, "--rule", "best"], "--rule has no rule best. Allowed: auto, valley"],
    ["find-lr", [training, "--steps", "many"], "--steps needs a number. Received: many."],
    ["find-lr", [training, "--mode", "log"], "--mode must be exponential or linear. Received: log."],
    ["find-lr", [training, "--out", "lr.pdf"], "--out must end with one of .html, .svg"],
    ["find-lr", [training, "other.mjs"], "Unexpected argument: other.mjs."],
    ["find-lr", [], "FILE is missing"],
    ["find-lr", [training, "--min-lr", "20"], "--max-lr must be a finite number above --min-lr (20)"],
    ["find-lr", [training, "--steps", "1"], "--steps must be an integer of at least 2. Received: 1."],
    ["find-lr", [training, "--growth", "1.5", "--steps", "9"], "--growth can't be combined with --steps."],
    ["find-lr", [training, "--beta", "1"], "--beta must be at least 0 and below 1. Received: 1."],
    ["find-lr", [training, "--early-stop", "0.5"], "--early-stop must be above 1, or none. Received: 0.5."],
    ["find-lr", [training, "--refine=9"], "--refine must be true, false or an integer of at least 36."],
    ["find-lr", [training, "--refine", "--rule", "valley"], '--refine requires the rule "auto".'],
    ["find-lr", [training, "--seed", "1.5"], "--seed needs an integer. Received: 1.5."],
    [
      ...["find-lr", [training, "--accelerator", "tpu"]],
      "--accelerator must be auto, gpu, native, webgpu, wasm or cpu. Received: tpu.",
    ],
    ["fit", [training, "--epochs", "0"], "--epochs needs an integer of at least 1. Received: 0."],
    ["fit", [training, "--resume"], "--resume needs a value: --resume WHICH."],
    ["test", [training, "--seed", "x"], "--seed needs a number. Received: x."],
    ["predict", [saving, "--out", "out.txt"], "--out must end with .json or .csv. Received: out.txt."],
  ] as [string, string[], string][])("%s %j", async (command, args, message) => {
    expect(await main([command, ...args])).toBe(2);
    expect(said.join("\n")).toContain(`fulmine: ${message}`);
  });
});
